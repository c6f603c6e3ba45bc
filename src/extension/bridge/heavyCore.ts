import type { Log } from '../../core/base/log';
import type { DocumentPath, Range } from '../../core/base/problem';
import type { Result } from '../../core/base/result';
import type { RunSnapshot } from '../../core/deployment/runSnapshot';
import type { CheckedExperiment } from '../../core/plan/checkExperiment';
import type { DeploymentPlan } from '../../core/plan/deploymentPlan';
import type { Run } from '../../core/run/run';
import type { RunRecord } from '../../core/run/runRecord';
import type { ExperimentDocument } from '../../core/spec/experimentDocument';
import type { RunSource } from '../state/runStore';
import type { DatabaseCore } from './databaseCore';
import type { KeyCore } from './keyCore';

/** Text of an experiment file, saved or not. */
export interface ExperimentSource {
  /** Absolute path. */
  readonly file: string;
  readonly text: string;
}

/**
 * What the window needs of the core's heavy parts: YAML, processes, sockets. Each is loaded when it
 * is first called, so that activation loads none of them.
 */
export interface HeavyCore {
  parse(source: ExperimentSource): Promise<ParsedExperiment>;
  /** The whole check in a trusted workspace; else without looking at this machine. */
  check(source: ExperimentSource, signal?: AbortSignal): Promise<CheckedExperiment>;
  /** Resolves when the supervisor is connected; the launch goes on behind it. */
  start(plan: DeploymentPlan, signal: AbortSignal): Promise<Result<Run>>;
  untilLaunched(run: Run, signal: AbortSignal): Promise<Result<RunSnapshot>>;
  /** Gives a run that has lost its supervisor a new one; resolves when it is connected. */
  adopt(record: RunRecord): Promise<Result<Run>>;
  runs(): Promise<RunSource>;
  /** Whether this is the first of all windows to tell something about a run. */
  toldOnce(runDirectory: string, news: string): Promise<boolean>;
  /** Whether this machine has a database server that can be used. */
  hasServer(): Promise<boolean>;
  /** Puts a database server into the user's own data directory. */
  installServer(log: Log, signal: AbortSignal): Promise<Result<unknown>>;
  /** What knows databases, and connects to none by itself. */
  databases(): Promise<DatabaseCore>;
  /** Compiles the AI engine into the user's own data directory, unless the package has it for this machine. */
  buildEngine(log: Log, signal: AbortSignal): Promise<Result<unknown>>;
  /** What looks into databases; starts no thread yet. */
  keys(): Promise<KeyCore>;
}

/** A parsed file, and where its values stand. */
export interface ParsedExperiment {
  readonly document: ExperimentDocument;
  /** Range of the value at the path, or of the nearest parent that exists. */
  rangeOf(path: DocumentPath): Range;
  /** Range of the key at the path; absent where there is none. */
  keyRangeOf(path: DocumentPath): Range | undefined;
}
