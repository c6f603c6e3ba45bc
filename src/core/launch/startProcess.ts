import { closeSync, openSync } from 'node:fs';
import type { Problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import { startChildProcess, type KnownEnd, type ProcessEnd } from './childProcess';
import { fileProblem } from './fileProblem';
import type { LaunchContext } from './launchContext';
import type { EntityReference, ProcessIdentity } from './launchEvents';
import { LedGroup } from './ledGroup';
import { wasKilledForMemory } from './memoryKill';
import { marker } from './runMarker';

export interface ProcessStart {
  readonly entity: EntityReference;
  readonly argv: readonly string[];
  readonly directory: string;
  /** On top of the environment of the launch. */
  readonly environment: Readonly<Record<string, string>>;
  readonly out: string;
  readonly err: string;
  /** Why this end is a failure; asked only when nobody had asked the process to end. */
  readonly explainEnd: (end: KnownEnd) => Promise<Problem | undefined>;
}

/** A shard or model that was started. It stays known after its end: others of its group may still live. */
export interface StartedProcess {
  readonly entity: EntityReference;
  readonly identity: ProcessIdentity;
  /** What it leads; undefined: it had ended before we looked, so the group of its number may be a stranger's by now. */
  readonly group?: LedGroup;
  /** At once when it ends. */
  readonly ended: Promise<ProcessEnd>;
  /** After `process-exited` was emitted. */
  readonly exitRecorded: Promise<RecordedExit>;
  /** Set before we ask it to end. */
  endRequested: boolean;
  /** Set before it is ended to be started again: settles when its successor was started, or could not be. */
  replacement?: Promise<unknown>;
}

export interface RecordedExit extends ProcessEnd {
  readonly requested: boolean;
  readonly cause?: Problem;
}

/**
 * Starts one process of the run, recorded before and after. Throws the signal's reason when the
 * launch is aborted before the process exists.
 */
export async function startProcess(
  context: LaunchContext,
  start: ProcessStart,
  signal: AbortSignal,
): Promise<Result<StartedProcess>> {
  const { entity } = start;
  const opened = openOutputs(start);
  if (!opened.ok) return notStarted(context, entity, opened.problems);
  const { out, err } = opened.value;
  try {
    context.emit({ type: 'process-intended', entity, argv: start.argv });
    context.onStep({ name: 'intended', of: entity.name });
    signal.throwIfAborted();
    const child = await startChildProcess({
      name: `${entity.kind === 'shard' ? 'Shard' : 'Model'} ${entity.name}`,
      argv: start.argv,
      directory: start.directory,
      environment: {
        ...context.environment,
        ...start.environment,
        ...marker(context.plan.runId, entity.name),
      },
      out,
      err,
    });
    if (!child.ok) return notStarted(context, entity, child.problems);
    const { identity, ended } = child.value;
    const group = new LedGroup(identity);
    const started: StartedProcess = {
      entity,
      identity,
      group,
      ended,
      exitRecorded: ended.then((end) => {
        group.leaderEnded();
        return recordExit(context, start, started, end);
      }),
      endRequested: false,
    };
    // Before anything can fail: what is in here is found by the stop sequence.
    context.processes.set(entity.name, started);
    context.emit({ type: 'process-started', entity, identity });
    context.onStep({ name: 'started', of: entity.name });
    return success(started);
  } finally {
    closeSync(out);
    closeSync(err);
  }
}

async function recordExit(
  context: LaunchContext,
  start: ProcessStart,
  started: StartedProcess,
  end: ProcessEnd,
): Promise<RecordedExit> {
  const requested = started.endRequested;
  const forMemory = !requested && end.signal === 'SIGKILL' && wasKilledForMemory(started.identity);
  const cause = requested ? undefined : await start.explainEnd({ ...end, forMemory });
  const exit: RecordedExit = { ...end, requested, ...(cause === undefined ? {} : { cause }) };
  context.emit({ type: 'process-exited', entity: start.entity, ...exit });
  return exit;
}

function notStarted(
  context: LaunchContext,
  entity: EntityReference,
  problems: readonly Problem[],
): Result<StartedProcess> {
  const [cause] = problems;
  if (cause !== undefined) context.emit({ type: 'process-not-started', entity, cause });
  return failure(...problems);
}

/** Appended to, so that a model that is started again keeps what it wrote before. */
function openOutputs({ out, err }: ProcessStart): Result<{ out: number; err: number }> {
  let path = out;
  let first: number | undefined;
  try {
    first = openSync(out, 'a', 0o600);
    path = err;
    return success({ out: first, err: openSync(err, 'a', 0o600) });
  } catch (error) {
    if (first !== undefined) closeSync(first);
    return failure(fileProblem(error, path));
  }
}
