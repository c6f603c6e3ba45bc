import { without } from '../base/without';
import type { EntityReference, ShardSlots } from '../launch/launchEvents';
import type { ModelSnapshot, OrchestratorSnapshot, RunSnapshot, ShardSnapshot } from './runSnapshot';

/** What shards and models have in common. */
type EntityState = Pick<
  ModelSnapshot,
  'status' | 'cause' | 'identity' | 'startedAt' | 'endedAt' | 'returnCode' | 'signal'
>;
type Change = <T extends EntityState>(entity: T) => T;

/** The run with this change of one shard or model; what looks have found out about a shard is forgotten. */
export function withEntity(
  snapshot: RunSnapshot,
  { kind, name }: EntityReference,
  change: (entity: EntityState) => EntityState,
): RunSnapshot {
  const changed: Change = (entity) => mergeState(entity, change(entity));
  if (kind === 'model') {
    return {
      ...snapshot,
      models: snapshot.models.map((model) => (model.name === name ? changed(model) : model)),
    };
  }
  return withOrchestratorOf(snapshot, { kind, name }, (orchestrator) => ({
    ...orchestrator,
    shards: orchestrator.shards.map((shard) =>
      shard.name === name ? changed(without(shard, ...foundNames)) : shard,
    ),
  }));
}

const stateNames = ['status', 'cause', 'identity', 'startedAt', 'endedAt', 'returnCode', 'signal'] as const;

/** What looks find out about a shard; it holds until the next look, or until its process starts or ends. */
export const foundNames = [
  'usedMemory',
  'clients',
  'keys',
  'refusingWrites',
  'notAnsweringSince',
  'clusterState',
] as const;

/** The entity with this state and no rest of the one before. */
function mergeState<T extends EntityState>(entity: T, state: EntityState): T {
  return { ...(without(entity, ...stateNames) as T), ...pickState(state) };
}

function pickState(state: EntityState): EntityState {
  const picked: Record<string, unknown> = {};
  for (const name of stateNames) if (state[name] !== undefined) picked[name] = state[name];
  return picked as unknown as EntityState;
}

/** The run with this change of the orchestrator that a shard belongs to; none for a model. */
export function withOrchestratorOf(
  snapshot: RunSnapshot,
  { kind, name }: EntityReference,
  change: (orchestrator: OrchestratorSnapshot) => OrchestratorSnapshot,
): RunSnapshot {
  if (kind === 'model') return snapshot;
  return {
    ...snapshot,
    orchestrators: snapshot.orchestrators.map((orchestrator) =>
      orchestrator.shards.some((shard) => shard.name === name) ? change(orchestrator) : orchestrator,
    ),
  };
}

/** The run with this change of one orchestrator. */
export function withOrchestrator(
  snapshot: RunSnapshot,
  identifier: string,
  change: (orchestrator: OrchestratorSnapshot) => OrchestratorSnapshot,
): RunSnapshot {
  return {
    ...snapshot,
    orchestrators: snapshot.orchestrators.map((orchestrator) =>
      orchestrator.id === identifier ? change(orchestrator) : orchestrator,
    ),
  };
}

/** The shards with the slots that they were reported to have. */
export function withSlots(
  shards: readonly ShardSnapshot[],
  reported: readonly ShardSlots[],
): readonly ShardSnapshot[] {
  const slots = new Map(reported.map((one) => [one.shard, one.slots]));
  return shards.map((shard) => ({ ...shard, slots: slots.get(shard.name) ?? shard.slots }));
}
