import { problem, type Problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import { identify } from '../launch/processIdentity';
import type { DeploymentPlan } from '../plan/deploymentPlan';
import { claimExperiment } from './claimExperiment';
import { Journal, readJournal } from './journal';
import { openRun } from './openRun';
import { pruneBeside } from './pruneRuns';
import type { Run } from './run';
import { createRunDirectory, removeRunDirectory } from './runDirectory';
import { RunIndex } from './runIndex';
import type { RunRecord } from './runRecord';
import { socketPathFor } from './runtimeDirectory';
import { keepRuntime, removeUnusedRuntimes } from './supervisorRuntime';
import { announcedSupervisor, type StartOptions } from './supervisorProcess';

/**
 * Starts a supervisor for the plan, which outlives this process. Resolves as soon as it is
 * connected; the launch goes on behind it (`untilLaunched`). A failure leaves nothing running.
 */
export async function startRun(plan: DeploymentPlan, options: StartOptions): Promise<Result<Run>> {
  const { directories, signal } = options;
  const socket = socketPathFor(plan.runId, directories.runtimeCandidates, process.getuid?.() ?? 0);
  if (!socket.ok) return socket;
  const program = await keepRuntime(options.supervisor, directories);
  if (!program.ok) return program;
  const index = new RunIndex(directories);
  const record = recordOf(plan, socket.value, program.value);
  const notRecorded = await recordRun(plan, record, index);
  if (notRecorded !== undefined) return failure(notRecorded);

  const withdraw = async (): Promise<void> => {
    await index.remove(record.id);
    await removeRunDirectory(plan.runDirectory);
  };
  let refused: Problem | undefined;
  try {
    refused = await claimExperiment(index, record, signal);
    if (signal?.aborted) refused ??= problem('launch-cancelled');
  } catch (error) {
    // The record names this process as its starter: it would keep everybody from the file for as long as we live.
    await withdraw();
    throw error;
  }
  if (refused !== undefined) {
    await withdraw();
    return failure(refused);
  }
  const failed = await announcedSupervisor(record, options, 'launch');
  if (failed === undefined) {
    // What hinders these is no matter of this launch, and the next one tries again.
    pruneBeside(plan.runDirectory, directories).catch(() => undefined);
    removeUnusedRuntimes(directories).catch(() => undefined);
    // Whoever saw the record before could not connect yet: writing it again tells them to try now.
    const [run] = await Promise.all([openRun(record), index.add(record)]);
    return success(run);
  }
  // A supervisor that had begun leaves its record; one that had not leaves nothing.
  if (!(await hasBegun(plan.runDirectory))) await withdraw();
  return failure(failed);
}

function recordOf(plan: DeploymentPlan, socket: string, program: string): RunRecord {
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
    program,
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

async function hasBegun(runDirectory: string): Promise<boolean> {
  const content = await readJournal(runDirectory);
  return content.ok && content.value.events.length > 1;
}
