import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { problem, type Problem } from '../base/problem';
import { failure, type Result } from '../base/result';
import type { Environment, UserDirectories } from '../base/userDirectories';
import { startChildProcess, type ChildProcess } from '../launch/childProcess';
import { endingInWords } from '../launch/ending';
import { fileProblem } from '../launch/fileProblem';
import { lastLinesOf } from '../launch/lastLines';
import { signalProcess } from '../launch/processIdentity';
import { launchEnvironment, marker } from '../launch/runMarker';
import { supervisorLog } from './runDirectory';
import type { RunRecord } from './runRecord';

export interface StartOptions {
  /** The Node program that runs the supervisor, usually `process.execPath`. */
  readonly node: string;
  /** Path of `supervisor.js`, of which a copy is run. */
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
 * Starts a supervisor for a run with a record, and waits until it listens. It outlives this process. A
 * problem: it is not there, and has ended; `launch`, with all that it had started. What it was to take over in an
 * `adoption` is left as it is.
 */
export async function announcedSupervisor(
  record: RunRecord,
  options: StartOptions,
  purpose: 'launch' | 'adoption',
): Promise<Problem | undefined> {
  const supervisor = await startSupervisor(record, options);
  if (!supervisor.ok) return supervisor.problems[0];
  const giveUp = purpose === 'launch' ? endInOrder : kill;
  const failed = await untilAnnounced(supervisor.value, record, options, giveUp);
  supervisor.value.release();
  return failed;
}

/**
 * Of V8: a supervisor makes few short-lived objects, and the usual nursery of 16 MiB would be filled with them
 * before it is ever cleaned.
 */
const smallNursery = '--max-semi-space-size=1';

/** Starts a supervisor for a run with a record; it says on its report pipe when it listens. */
async function startSupervisor(record: RunRecord, options: StartOptions): Promise<Result<ChildProcess>> {
  const log = supervisorLog(record.runDirectory);
  let descriptor: number;
  try {
    descriptor = openSync(log, 'a', 0o600);
  } catch (error) {
    return failure(fileProblem(error, log));
  }
  try {
    return await startChildProcess({
      name: 'The supervisor',
      argv: [
        options.node,
        smallNursery,
        record.program ?? options.supervisor,
        record.runDirectory,
        record.socket ?? '',
      ],
      // Keeps no directory busy; the run's own may be moved or unmounted.
      directory: '/',
      environment: {
        ...launchEnvironment(options.environment),
        ...marker(record.id),
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
  { runDirectory }: RunRecord,
  { node, signal, limits = defaultStartLimits }: StartOptions,
  giveUp: GiveUp,
): Promise<Problem | undefined> {
  const log = supervisorLog(runDirectory);
  const ended = supervisor.ended.then((end) => endingInWords(end));
  const announced = announcement(supervisor);
  const outcome = await Promise.race([announced, ended, givenUp(limits.announce, signal)]);
  if (outcome === 'announced') return undefined;
  if (outcome === 'cancelled' || outcome === 'late') {
    const failed = await giveUp(supervisor, limits.end);
    if (failed !== undefined) return failed;
    if (outcome === 'cancelled') return problem('launch-cancelled');
  }
  const reason = outcome === 'late' ? 'it did not answer in time' : outcome;
  const evidence = await lastLinesOf(log);
  return problem('supervisor-not-started', { reason, node }, evidence === '' ? {} : { evidence });
}

/** Ends a supervisor that is not wanted any more, within the limit in milliseconds. */
type GiveUp = (supervisor: ChildProcess, limit: number) => Promise<Problem | undefined>;

/** It stops what it has started before it ends. */
const endInOrder: GiveUp = async (supervisor, limit) => {
  signalProcess(supervisor.identity, 'SIGTERM');
  signalProcess(supervisor.identity, 'SIGCONT');
  if (await endsWithin(supervisor, limit)) return undefined;
  signalProcess(supervisor.identity, 'SIGKILL');
  return problem('supervisor-killed', { pid: supervisor.identity.pid, seconds: limit / 1000 });
};

/** In order it would stop a run that was there before it. */
const kill: GiveUp = async (supervisor, limit) => {
  signalProcess(supervisor.identity, 'SIGKILL');
  await endsWithin(supervisor, limit);
  return undefined;
};

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
