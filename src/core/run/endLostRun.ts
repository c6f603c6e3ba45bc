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
import { stateOfProcess } from '../launch/processIdentity';
import { markedProcesses, untilMarksSettle } from '../launch/markedProcesses';
import { stopEverything } from '../launch/stopSequence';
import type { DeploymentPlan } from '../plan/deploymentPlan';
import { adoptEntities } from './adoptEntities';
import { Journal, readJournal, type JournalContent } from './journal';
import { rebuiltEvents, replacedJournal } from './rebuiltJournal';
import { missingEvents } from './recovery';
import { replay, runFromJournal } from './runFromJournal';
import { claimRun, wasRemoved } from './runOwnership';
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
    if (takesNoFile.has(refusal.code) || wasRemoved(refusal)) return settle(record, force, refusal);
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
  const [cause] = found.problems;
  if (!found.ok) return cause === undefined ? found : endUnread(record, force, cause, unwritable);
  const { events, newer, path } = found.value;
  if (newer) return failure(problem('journal-too-new', { path }));
  const recorded = replay(events);
  if (recorded?.endedAt !== undefined) return success(recorded);
  if (unwritable !== undefined) return endRecorded(record, events, closedTo(unwritable), force);
  return endWriting(record, events, found, force);
}

/**
 * Ends by the run's marker what lives of a run whose journal cannot be read. A damaged one is written anew, of one that
 * was removed nothing is to be recorded.
 */
async function endUnread(
  record: RunRecord,
  force: boolean,
  cause: Problem,
  unwritable: Problem | undefined,
): Promise<Result<RunSnapshot>> {
  const { id, runDirectory, socket = '', starter } = record;
  const living = markedProcesses(id);
  if (unwritable !== undefined) {
    // No file says who owns it: a supervisor that lives does, here or elsewhere.
    if (starter !== undefined && stateOfProcess(starter) === 'elsewhere')
      return failure(problem('run-owned-elsewhere', { directory: runDirectory }));
    const supervisor = living.find(({ entity, leads }) => entity === undefined && leads);
    if (supervisor !== undefined)
      return failure(problem('supervisor-unreachable', { pid: supervisor.identity.pid, socket }));
  }
  const events = rebuiltEvents(record, cause);
  if (wasRemoved(cause)) return endRecorded(record, events, nowhere, force);
  if (unwritable !== undefined) return endRecorded(record, events, closedTo(unwritable), force);
  if (cause.code === 'journal-unreadable')
    return endWriting(record, events, await replacedJournal(runDirectory, events), force);
  // It may be readable again, and is left for then.
  return living.length === 0 ? failure(cause) : endRecorded(record, events, closedTo(cause), force);
}

async function endWriting(
  record: RunRecord,
  events: readonly RecordedEvent[],
  content: Result<JournalContent>,
  force: boolean,
): Promise<Result<RunSnapshot>> {
  const journal = content.ok ? Journal.open(record.runDirectory, content.value) : content;
  if (!journal.ok) {
    const [failed] = journal.problems;
    return failed === undefined ? journal : endRecorded(record, events, closedTo(failed), force);
  }
  try {
    return await endRecorded(record, events, journal.value, force);
  } finally {
    journal.value.close();
  }
}

type Writable = Pick<Journal, 'append' | 'flush' | 'removeSpare'>;

/** Takes nothing: the processes are ended without a record. */
function closedTo(why: Problem): Writable {
  return { append: () => why, flush: () => Promise.resolve(why), removeSpare: () => undefined };
}

/** Of a run whose directory was removed: what is not there does not have to be closed. */
const nowhere: Writable = {
  append: () => undefined,
  flush: () => Promise.resolve(undefined),
  removeSpare: () => undefined,
};

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
