import { problem, type Problem } from '../base/problem';
import { success, type Result } from '../base/result';
import type { RecordedEvent } from '../deployment/runEvents';
import { reduceRun } from '../deployment/reduceRun';
import type {
  ModelSnapshot,
  OrchestratorSnapshot,
  RunSnapshot,
  ShardSnapshot,
} from '../deployment/runSnapshot';
import { stateOfProcess } from '../launch/processIdentity';
import { stillRunning } from './endLostRun';
import { readJournal } from './journal';

/** The state of a run by its record alone. Nothing is guessed: what nobody saw is `lost`. */
export async function runFromJournal(runDirectory: string): Promise<Result<RunSnapshot>> {
  const content = await readJournal(runDirectory);
  if (!content.ok) return content;
  const recorded = replay(content.value.events);
  if (recorded === undefined) throw new Error('A journal that was read has its first event');
  return success(correctedByWhatLives(recorded), content.problems);
}

/** All events reduced; undefined when there are none. */
export function replay(events: readonly RecordedEvent[]): RunSnapshot | undefined {
  return events.reduce<RunSnapshot | undefined>(reduceRun, undefined);
}

/**
 * Puts right what a record cannot know: that its supervisor is gone. Of another host nothing is
 * known from here, so its record stands, with a word about that.
 */
export function correctedByWhatLives(recorded: RunSnapshot): RunSnapshot {
  if (recorded.endedAt !== undefined || recorded.supervisor === undefined) return recorded;
  switch (stateOfProcess(recorded.supervisor)) {
    case 'alive':
      return recorded;
    case 'elsewhere':
      return { ...recorded, cause: problem('run-on-another-host', { host: recorded.host }) };
    case 'gone':
      return lostRun(recorded, lostProblem(recorded));
  }
}

function lostProblem(recorded: RunSnapshot): Problem {
  const processes = stillRunning(recorded);
  return processes === '' ? problem('run-lost') : problem('supervisor-lost', { processes });
}

/** A run that cannot be reached any more: shards and models that have ended unseen have no return code. */
function lostRun(recorded: RunSnapshot, cause: Problem): RunSnapshot {
  const judged = <T extends ShardSnapshot | ModelSnapshot>(entity: T): T => {
    const runs = entity.status === 'Running' && entity.identity !== undefined;
    if (!runs || stateOfProcess(entity.identity) === 'alive') return entity;
    return { ...entity, status: 'Failed', returnCode: null, cause };
  };
  const orchestrator = (found: OrchestratorSnapshot): OrchestratorSnapshot => ({
    ...found,
    phase: found.phase === 'stopped' || found.phase === 'failed' ? found.phase : 'lost',
    shards: found.shards.map(judged),
  });
  return {
    ...recorded,
    phase: 'lost',
    cause,
    orchestrators: recorded.orchestrators.map(orchestrator),
    models: recorded.models.map(judged),
  };
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
