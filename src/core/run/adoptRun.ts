import { setTimeout as delay } from 'node:timers/promises';
import { problem, type Problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import type { RunSnapshot } from '../deployment/runSnapshot';
import { readJournal } from './journal';
import { openRun } from './openRun';
import type { Run } from './run';
import { isLost } from './runFromJournal';
import { RunIndex } from './runIndex';
import { isOwned } from './runOwnership';
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
  const content = await readJournal(record.runDirectory);
  if (content.ok && content.value.newer) {
    return failure(problem('journal-too-new', { path: content.value.path }));
  }
  const socket = socketPathFor(record.id, directories.runtimeCandidates, process.getuid?.() ?? 0);
  if (!socket.ok) return socket;
  // Ours where we have one; else that which the run was launched with.
  const program = await keepRuntime(options.supervisor, directories);
  if (!program.ok && record.program === undefined) return program;
  const adopted = { ...record, socket: socket.value, ...(program.ok ? { program: program.value } : {}) };
  if (options.signal?.aborted) return cancelled(snapshot);
  const failed = await announcedSupervisor(adopted, options, 'adoption');
  const run = await untilOpen(adopted, options.signal);
  if (!run.live && run.snapshot.endedAt === undefined) {
    run.dispose();
    if (options.signal?.aborted) return cancelled(run.snapshot);
    return failure(failed ?? run.snapshot.cause ?? notLive(record));
  }
  // All who look at the index learn that they can connect.
  if (failed === undefined) await new RunIndex(directories).add(adopted);
  return success(run);
}

/** The run when it is live or over, or stays lost. */
async function untilOpen(record: RunRecord, signal: AbortSignal | undefined): Promise<Run> {
  const deadline = performance.now() + otherLimit;
  for (;;) {
    const run = await openRun(record);
    if (run.live || run.snapshot.endedAt !== undefined) return run;
    // The supervisor of another may have claimed the run, and not listen yet.
    if (!isOwned(record.runDirectory) || signal?.aborted === true || performance.now() > deadline) return run;
    run.dispose();
    await delay(lookDelay);
  }
}

/** With what still runs, and what can be done about it. */
function cancelled({ id, experiment, cause }: RunSnapshot): Result<Run> {
  return failure(problem('take-over-cancelled', { id, experiment }), ...(cause === undefined ? [] : [cause]));
}

function notLive({ id, experiment }: RunRecord): Problem {
  return problem('run-not-live', { id, experiment });
}
