import { problem } from '../base/problem';
import { success, type Result } from '../base/result';
import type { RecordedEvent, RunEvent } from '../deployment/runEvents';
import { reduceRun } from '../deployment/reduceRun';
import type { OrchestratorSnapshot, RunSnapshot } from '../deployment/runSnapshot';
import type { ProcessIdentity } from '../launch/launchEvents';
import { stateOfProcess } from '../launch/processIdentity';
import { marksNow } from '../launch/marksNow';
import type { MarkedProcess } from '../launch/markedProcesses';
import { readJournal } from './journal';
import { missingEvents } from './recovery';
import { knownOwner } from './runOwnership';

/**
 * The state of a run by its record alone. Nothing is guessed: what nobody saw is `lost`. `starter`: who
 * asked for the launch, for the time until a supervisor is recorded.
 */
export async function runFromJournal(
  runDirectory: string,
  starter?: ProcessIdentity,
): Promise<Result<RunSnapshot>> {
  let before: number | undefined;
  for (;;) {
    const content = await readJournal(runDirectory);
    if (!content.ok) return content;
    const { events, end } = content.value;
    const recorded = replay(events);
    if (recorded === undefined) throw new Error('A journal that was read has its first event');
    const corrected = correctedByOwner(recorded, starter);
    if (corrected !== 'lost') return success(corrected, content.problems);
    // Its writer may have ended in order since it was read: what was read after its end counts.
    if (end === before) return success(await lostRun(recorded, events), content.problems);
    before = end;
  }
}

/** All events reduced; undefined when there are none. */
export function replay(events: readonly RecordedEvent[]): RunSnapshot | undefined {
  return events.reduce<RunSnapshot | undefined>(reduceRun, undefined);
}

/**
 * Puts right what a record cannot know: that its supervisor is gone. Of another host nothing is
 * known from here, so its record stands, with a word about that.
 */
function correctedByOwner(recorded: RunSnapshot, starter: ProcessIdentity | undefined): RunSnapshot | 'lost' {
  if (recorded.endedAt !== undefined) return recorded;
  // The owner of a record without a supervisor has claimed the run, and has not written to it yet.
  const responsible = recorded.supervisor ?? knownOwner(recorded.runDirectory) ?? starter;
  if (responsible === undefined) return recorded;
  switch (stateOfProcess(responsible)) {
    case 'alive':
      return recorded;
    case 'elsewhere':
      return { ...recorded, cause: problem('run-on-another-host', { host: recorded.host }) };
    case 'gone':
      return 'lost';
  }
}

/** The state as it would be had these been recorded now. */
function afterEvents(recorded: RunSnapshot, events: readonly RunEvent[]): RunSnapshot {
  const { sequence } = recorded;
  const at = Date.now();
  return events.reduce((run, event) => reduceRun(run, { sequence, at, elapsedMs: 0, event }), recorded);
}

/** A run that cannot be reached any more, by what lives of it. */
async function lostRun(before: RunSnapshot, events: readonly RecordedEvent[]): Promise<RunSnapshot> {
  const marked = await marksNow(before.id);
  const recorded = afterEvents(before, missingEvents(before.id, events, marked));
  const orchestrator = (found: OrchestratorSnapshot): OrchestratorSnapshot => ({
    ...found,
    phase: found.phase === 'stopped' || found.phase === 'failed' ? found.phase : 'lost',
  });
  const processes = livingInWords(recorded, marked);
  return {
    ...recorded,
    phase: 'lost',
    cause: processes === '' ? problem('run-lost') : problem('supervisor-lost', { processes }),
    orchestrators: recorded.orchestrators.map(orchestrator),
  };
}

/** What lives of a run without a supervisor: `sim (process 12), other (process 13)`; empty: nothing. */
export function livingInWords(
  { orchestrators, models }: Pick<RunSnapshot, 'orchestrators' | 'models'>,
  marked: readonly MarkedProcess[],
): string {
  const entities = [...orchestrators.flatMap(({ shards }) => shards), ...models];
  const running = entities.flatMap(({ name, status, identity }) =>
    status === 'Running' && identity !== undefined ? [{ name, pid: identity.pid }] : [],
  );
  const names = new Set(running.map(({ name }) => name));
  // What a program has left behind when it ended, or what was born when the supervisor was killed.
  const others = marked
    .filter(({ entity }) => entity === undefined || !names.has(entity))
    .map(({ entity, identity }) => ({ name: entity ?? 'unnamed', pid: identity.pid }));
  return [...running, ...others].map(({ name, pid }) => `${name} (process ${pid})`).join(', ');
}

/** Whether its supervisor is gone, so that it can be adopted, or what is left of it can be ended by anybody. */
export function isLost({ phase, cause }: RunSnapshot): boolean {
  return phase === 'lost' && (cause?.code === 'supervisor-lost' || cause?.code === 'run-lost');
}

/** The same when the supervisor lives but cannot be spoken to. */
export function unreachableRun(recorded: RunSnapshot): RunSnapshot {
  if (recorded.endedAt !== undefined || recorded.supervisor === undefined || recorded.phase === 'lost') {
    return recorded;
  }
  if (stateOfProcess(recorded.supervisor) !== 'alive') return recorded;
  const { pid } = recorded.supervisor;
  return {
    ...recorded,
    phase: 'lost',
    cause: problem('supervisor-unreachable', { pid, socket: recorded.socket ?? '' }),
  };
}
