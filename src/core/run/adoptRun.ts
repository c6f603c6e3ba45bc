import { setTimeout as delay } from 'node:timers/promises';
import { problem, type Problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import { openRun } from './openRun';
import type { Run } from './run';
import { isLost } from './runFromJournal';
import { RunIndex } from './runIndex';
import type { RunRecord } from './runRecord';
import { socketPathFor } from './runtimeDirectory';
import { keepRuntime } from './supervisorRuntime';
import { announcedSupervisor, type StartOptions } from './supervisorProcess';

/** Milliseconds to wait for another who adopts the same run, and between two looks at him. */
const otherLimit = 30_000;
const lookDelay = 20;

/**
 * Gives a run that has lost its supervisor a new one. A run that was ready goes on; a launch that was not
 * finished is rolled back, and a stop is finished. Of several who adopt at the same moment one does, and
 * all get the run. A run that is live already is given back as it is.
 */
export async function adoptRun(record: RunRecord, options: StartOptions): Promise<Result<Run>> {
  const { directories } = options;
  const before = await openRun(record);
  if (before.live) return success(before);
  before.dispose();
  const { snapshot } = before;
  if (!isLost(snapshot)) return failure(snapshot.cause ?? notLive(record));
  const socket = socketPathFor(record.id, directories.runtimeCandidates, process.getuid?.() ?? 0);
  if (!socket.ok) return socket;
  // Ours where we have one; else that which the run was launched with.
  const program = await keepRuntime(options.supervisor, directories);
  if (!program.ok && record.program === undefined) return program;
  const adopted = { ...record, socket: socket.value, ...(program.ok ? { program: program.value } : {}) };
  const failed = await announcedSupervisor(adopted, options);
  const run = await untilOpen(adopted, options.signal);
  if (run === undefined) return failure(failed ?? notLive(record));
  // All who look at the index learn that they can connect.
  if (failed === undefined) await new RunIndex(directories).add(adopted);
  return success(run);
}

/** The run when it is live or over; undefined when it stays lost. */
async function untilOpen(record: RunRecord, signal: AbortSignal | undefined): Promise<Run | undefined> {
  const deadline = performance.now() + otherLimit;
  for (;;) {
    const run = await openRun(record);
    if (run.live || run.snapshot.endedAt !== undefined) return run;
    run.dispose();
    // While the other is about to listen, its supervisor lives and does not answer.
    const waits = run.snapshot.cause?.code === 'supervisor-unreachable' && signal?.aborted !== true;
    if (!waits || performance.now() > deadline) return undefined;
    await delay(lookDelay);
  }
}

function notLive({ id, experiment }: RunRecord): Problem {
  return problem('run-not-live', { id, experiment });
}
