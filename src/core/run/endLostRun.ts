import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { silentLog } from '../base/log';
import { messageOf, problem, type Problem } from '../base/problem';
import type { ProblemCode } from '../base/problemCatalogue';
import { failure, success, type Result } from '../base/result';
import type { RecordedEvent } from '../deployment/runEvents';
import type { RunSnapshot } from '../deployment/runSnapshot';
import { endStrays } from '../launch/endStrays';
import { defaultLimits, type LaunchContext } from '../launch/launchContext';
import { untilMarksSettle } from '../launch/processesOfRun';
import { stopEverything } from '../launch/stopSequence';
import type { DeploymentPlan } from '../plan/deploymentPlan';
import { adoptEntities } from './adoptEntities';
import { Journal, readJournal } from './journal';
import { rebuiltEvents, replacedJournal } from './rebuiltJournal';
import { missingEvents } from './recovery';
import { replay, runFromJournal } from './runFromJournal';
import { claimRun } from './runOwnership';
import type { RunRecord } from './runRecord';
import { RunRecorder } from './runRecorder';
import { supervisorCredentials } from '../launch/supervisorUser';

/** Milliseconds to wait for another who ends the same run, and between two looks at him. */
const otherLimit = 120_000;
const lookDelay = 20;

/** Why a run that nobody owns cannot be owned: its directory takes no file. */
const takesNoFile: ReadonlySet<ProblemCode> = new Set(['disk-full', 'read-only-file-system', 'not-writable']);

/**
 * Ends what is left of a run whose supervisor is gone, and writes its record to the end, from here: no supervisor
 * is needed. A problem when another process owns the run, or when the record cannot be written; then the processes
 * have been ended all the same.
 */
export async function endLostRun(record: RunRecord, force: boolean): Promise<Result<RunSnapshot>> {
  const deadline = performance.now() + otherLimit;
  for (;;) {
    const owned = claimRun(record.runDirectory);
    if (owned.ok) {
      try {
        return await settle(record, force, undefined);
      } finally {
        owned.value.release();
      }
    }
    const recorded = await runFromJournal(record.runDirectory, record.starter);
    if (recorded.ok && recorded.value.endedAt !== undefined) return recorded;
    // One who adopts the run is soon to be spoken to; one who ends it, as we would, is waited for.
    const adopted = recorded.ok && recorded.value.phase !== 'lost';
    const [refusal] = owned.problems;
    if (adopted || refusal === undefined || performance.now() > deadline) return owned;
    // Nobody owns the run, and nobody can. Others who do the same ask the same processes to end.
    if (takesNoFile.has(refusal.code)) return settle(record, force, refusal);
    if (refusal.code !== 'run-owned') return owned;
    await delay(lookDelay);
  }
}

/** `unwritable`: why nothing can be written into the run directory, where that is known already. */
async function settle(
  record: RunRecord,
  force: boolean,
  unwritable: Problem | undefined,
): Promise<Result<RunSnapshot>> {
  // First, so that the record and the machine are compared when nothing is being born any more.
  await untilMarksSettle(record.id);
  const found = await readJournal(record.runDirectory);
  if (found.ok && found.value.newer) return failure(problem('journal-too-new', { path: found.value.path }));
  const events = found.ok ? success(found.value.events) : rebuiltEvents(record, found.problems[0]);
  if (!events.ok) return events;
  const recorded = replay(events.value);
  if (recorded?.endedAt !== undefined) return success(recorded);
  if (unwritable !== undefined) return endRecorded(record, events.value, closedTo(unwritable), force);
  const content = found.ok ? found : await replacedJournal(record.runDirectory, events.value);
  const journal = content.ok ? Journal.open(record.runDirectory, content.value) : content;
  const [failed] = journal.problems;
  if (!journal.ok) return failed ? endRecorded(record, events.value, closedTo(failed), force) : journal;
  try {
    return await endRecorded(record, events.value, journal.value, force);
  } finally {
    journal.value.close();
  }
}

type Writable = Pick<Journal, 'append' | 'flush' | 'removeSpare'>;

/** Takes nothing: the processes are ended without a record. */
function closedTo(why: Problem): Writable {
  return { append: () => why, flush: () => Promise.resolve(why), removeSpare: () => undefined };
}

async function endRecorded(
  record: RunRecord,
  events: readonly RecordedEvent[],
  journal: Writable,
  force: boolean,
): Promise<Result<RunSnapshot>> {
  const [first] = events;
  const recorded = replay(events);
  if (first?.event.type !== 'run-planned' || recorded === undefined) throw new Error('It has a plan');
  const recorder = new RunRecorder(journal, recorded, performance.now(), silentLog);
  const failures: Problem[] = [];
  recorder.onDidFail((failed) => failures.push(failed));
  for (const event of missingEvents(record.id, events)) recorder.record(event);
  const { phase } = recorder.snapshot;
  if (phase === 'planned' || phase === 'starting') {
    recorder.record({ type: 'launch-failed', cause: problem('launch-interrupted') });
  } else if (phase !== 'stopping' && phase !== 'failed') recorder.record({ type: 'stop-requested' });
  const ended = await endProcesses(first.event.plan, recorder, force);
  if (!ended.ok) {
    await recorder.flushed();
    return ended;
  }
  // What could not be written before is written now, if there is room again.
  failures.length = 0;
  recorder.record({ type: 'run-ended' });
  await recorder.flushed();
  if (record.socket !== undefined) await rm(record.socket, { force: true });
  const [notWritten] = failures;
  if (notWritten !== undefined) {
    const evidence = messageOf(notWritten);
    return failure(problem('end-unrecorded', { directory: record.runDirectory }, { evidence }));
  }
  journal.removeSpare();
  return success(recorder.snapshot);
}

async function endProcesses(
  plan: DeploymentPlan,
  recorder: RunRecorder,
  force: boolean,
): Promise<Result<void>> {
  const credentials = supervisorCredentials(plan.runDirectory);
  const context: LaunchContext = {
    plan,
    environment: {},
    // Servers that refuse to be shut down without it are ended by their identities.
    credentials: credentials.ok ? credentials.value : undefined,
    emit: (event) => {
      recorder.record(event);
    },
    processes: new Map(),
    connections: new Map(),
    portTakenBy: () => Promise.resolve(undefined),
    limits: defaultLimits,
    log: silentLog,
    onStep: () => undefined,
  };
  const adopted = adoptEntities(context, recorder.snapshot);
  try {
    const signal = force ? AbortSignal.abort() : new AbortController().signal;
    const stopped = await adopted.hurriedUntil(stopEverything(context, signal));
    return stopped.ok ? await endStrays(plan.runId, context.limits.kill) : stopped;
  } finally {
    adopted.dispose();
  }
}
