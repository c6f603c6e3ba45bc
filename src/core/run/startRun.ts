import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { problem, type Problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import type { Environment, UserDirectories } from '../base/userDirectories';
import { startChildProcess, type ChildProcess } from '../launch/childProcess';
import { endingInWords } from '../launch/ending';
import { fileProblem } from '../launch/fileProblem';
import { lastLines } from '../launch/lastLines';
import { identify, signalProcess } from '../launch/processIdentity';
import { launchEnvironment, marker } from '../launch/runMarker';
import type { DeploymentPlan } from '../plan/deploymentPlan';
import { claimExperiment } from './claimExperiment';
import { Journal, readJournal } from './journal';
import { openRun } from './openRun';
import type { Run } from './run';
import { createRunDirectory, removeRunDirectory, supervisorLog } from './runDirectory';
import { RunIndex } from './runIndex';
import type { RunRecord } from './runRecord';
import { socketPathFor } from './runtimeDirectory';

export interface StartOptions {
  /** The Node program that runs the supervisor, usually `process.execPath`. */
  readonly node: string;
  /** Path of `supervisor.js`. */
  readonly supervisor: string;
  /** Of where the launch was asked for: what models and servers get. */
  readonly environment: Environment;
  readonly directories: UserDirectories;
  readonly signal?: AbortSignal;
  readonly limits?: StartLimits;
}

/** Time limits of the start of a supervisor, in milliseconds. */
export interface StartLimits {
  /** Until it must have said that it listens. */
  readonly announce: number;
  /** For it to stop what it has started, and to end, when it is asked to; then it is killed. */
  readonly end: number;
}

const defaultStartLimits: StartLimits = { announce: 30_000, end: 30_000 };

/**
 * Starts a supervisor for the plan, which outlives this process. Resolves as soon as it is
 * connected; the launch goes on behind it (`untilLaunched`). A failure leaves nothing running.
 */
export async function startRun(plan: DeploymentPlan, options: StartOptions): Promise<Result<Run>> {
  const { directories, signal } = options;
  const socket = socketPathFor(plan.runId, directories.runtimeCandidates, process.getuid?.() ?? 0);
  if (!socket.ok) return socket;
  const index = new RunIndex(directories);
  const record = recordOf(plan, socket.value);
  const notRecorded = await recordRun(plan, record, index);
  if (notRecorded !== undefined) return failure(notRecorded);

  const withdraw = async (...problems: readonly Problem[]): Promise<Result<Run>> => {
    await index.remove(record.id);
    await removeRunDirectory(plan.runDirectory);
    return failure(...problems);
  };
  const claimed = await claimExperiment(index, record);
  if (claimed !== undefined) return withdraw(claimed);
  if (signal?.aborted) return withdraw(problem('launch-cancelled'));
  const supervisor = await startSupervisor(plan, socket.value, options);
  if (!supervisor.ok) return withdraw(...supervisor.problems);

  const failed = await untilAnnounced(supervisor.value, plan, options);
  supervisor.value.release();
  if (failed === undefined) {
    // Whoever saw the record before could not connect yet: writing it again tells them to try now.
    const [run] = await Promise.all([openRun(record), index.add(record)]);
    return success(run);
  }
  // A supervisor that had begun leaves its record; one that had not leaves nothing.
  return (await hasBegun(plan.runDirectory)) ? failure(failed) : withdraw(failed);
}

function recordOf(plan: DeploymentPlan, socket: string): RunRecord {
  const starter = identify(process.pid);
  return {
    version: 1,
    id: plan.runId,
    experiment: plan.experiment,
    file: plan.file,
    runDirectory: plan.runDirectory,
    host: plan.host,
    createdAt: Date.now(),
    socket,
    ...(starter === undefined ? {} : { starter }),
  };
}

/** The run directory, the first line of the journal, and the record by which others find it. */
async function recordRun(
  plan: DeploymentPlan,
  record: RunRecord,
  index: RunIndex,
): Promise<Problem | undefined> {
  const notMade = await createRunDirectory(plan);
  if (notMade !== undefined) return notMade;
  const journal = Journal.create(plan.runDirectory, {
    sequence: 1,
    at: record.createdAt,
    elapsedMs: 0,
    event: { type: 'run-planned', plan },
  });
  let failed = journal.ok ? undefined : journal.problems[0];
  if (journal.ok) {
    failed = await journal.value.flush();
    journal.value.close();
    failed ??= await index.add(record);
  }
  if (failed !== undefined) await removeRunDirectory(plan.runDirectory);
  return failed;
}

async function startSupervisor(
  plan: DeploymentPlan,
  socket: string,
  options: StartOptions,
): Promise<Result<ChildProcess>> {
  const log = supervisorLog(plan.runDirectory);
  let descriptor: number;
  try {
    descriptor = openSync(log, 'a', 0o600);
  } catch (error) {
    return failure(fileProblem(error, log));
  }
  try {
    return await startChildProcess({
      name: 'The supervisor',
      argv: [options.node, options.supervisor, plan.runDirectory, socket],
      // Keeps no directory busy; the run's own may be moved or unmounted.
      directory: '/',
      environment: {
        ...launchEnvironment(options.environment),
        ...marker(plan.runId),
        // VS Code's own program serves as Node only with this; it must not reach the models.
        ...(process.versions['electron'] === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' }),
      },
      out: descriptor,
      err: descriptor,
      withReportPipe: true,
    });
  } finally {
    closeSync(descriptor);
  }
}

/** Waits for the line by which the supervisor says that its socket listens. A problem: it is not there, and has ended. */
async function untilAnnounced(
  supervisor: ChildProcess,
  plan: DeploymentPlan,
  { node, signal, limits = defaultStartLimits }: StartOptions,
): Promise<Problem | undefined> {
  const log = supervisorLog(plan.runDirectory);
  const ended = supervisor.ended.then((end) => endingInWords(end));
  const announced = announcement(supervisor);
  const outcome = await Promise.race([announced, ended, givenUp(limits.announce, signal)]);
  if (outcome === 'announced') return undefined;
  if (outcome === 'cancelled' || outcome === 'late') {
    // It stops what it has started before it ends.
    signalProcess(supervisor.identity, 'SIGTERM');
    signalProcess(supervisor.identity, 'SIGCONT');
    if (!(await endsWithin(supervisor, limits.end))) {
      signalProcess(supervisor.identity, 'SIGKILL');
      return problem('supervisor-killed', { pid: supervisor.identity.pid, seconds: limits.end / 1000 });
    }
    if (outcome === 'cancelled') return problem('launch-cancelled');
  }
  const reason = outcome === 'late' ? 'it did not answer in time' : outcome;
  const evidence = await lastLines(log);
  return problem('supervisor-not-started', { reason, node }, evidence === '' ? {} : { evidence });
}

/** Settles only for a line: the end of the pipe without one is told by the end of the process. */
function announcement({ report }: ChildProcess): Promise<'announced'> {
  return new Promise((resolve) => {
    if (report === undefined) return;
    createInterface({ input: report }).once('line', () => {
      resolve('announced');
    });
  });
}

async function endsWithin(supervisor: ChildProcess, limit: number): Promise<boolean> {
  const over = new AbortController();
  const late = delay(limit, false, { signal: over.signal }).catch(() => false);
  const ends = await Promise.race([supervisor.ended.then(() => true), late]);
  over.abort();
  return ends;
}

function givenUp(announceLimit: number, signal: AbortSignal | undefined): Promise<'cancelled' | 'late'> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve('late');
    }, announceLimit);
    timer.unref();
    const cancel = (): void => {
      clearTimeout(timer);
      resolve('cancelled');
    };
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted) cancel();
  });
}

async function hasBegun(runDirectory: string): Promise<boolean> {
  const content = await readJournal(runDirectory);
  return content.ok && content.value.events.length > 1;
}
