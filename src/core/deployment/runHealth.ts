import type { Problem } from '../base/problem';
import { without } from '../base/without';
import type { EntityStatus, ModelSnapshot, RunPhase, RunSnapshot, ShardSnapshot } from './runSnapshot';

/** While a run is up, its phase says whether all of it is well. */
export function withHealth(snapshot: RunSnapshot): RunSnapshot {
  if (snapshot.phase !== 'ready' && snapshot.phase !== 'degraded') return snapshot;
  const cause = firstCause(snapshot);
  const partly =
    entitiesOf(snapshot).some(isUnwell) || snapshot.orchestrators.some(({ phase }) => phase !== 'ready');
  const phase: RunPhase = partly ? 'degraded' : 'ready';
  return { ...without(snapshot, 'cause'), phase, ...(cause === undefined ? {} : { cause }) };
}

/** What has failed tells more than what may come back. */
function firstCause(snapshot: RunSnapshot): Problem | undefined {
  return firstFailure(snapshot) ?? entitiesOf(snapshot).find(isUnwell)?.cause;
}

/** The cause of the first that has failed. */
export function firstFailure(snapshot: RunSnapshot): Problem | undefined {
  return entitiesOf(snapshot).find((entity) => isFailure(entity) && entity.cause !== undefined)?.cause;
}

/** Every orchestrator had failed; or, in a run without one, every model. */
export function nothingServed({ orchestrators, models }: RunSnapshot): boolean {
  if (orchestrators.length > 0) return orchestrators.every(({ phase }) => phase === 'failed');
  return models.length > 0 && models.every(isFailure);
}

/** In an orchestrator that was ready every shard has been started: one that does not run is being restarted, or has failed. */
export function isUnwellShard(shard: ShardSnapshot): boolean {
  return shard.status !== 'Running' || isUnwell(shard);
}

/** Failed, or running without serving as it should. */
function isUnwell(entity: ShardSnapshot | ModelSnapshot): boolean {
  return isFailure(entity) || (entity.status === 'Running' && entity.cause !== undefined);
}

function isFailure({ status }: { readonly status: EntityStatus }): boolean {
  return status === 'Failed' || status === 'NeverStarted';
}

function entitiesOf(snapshot: RunSnapshot): readonly (ShardSnapshot | ModelSnapshot)[] {
  return [...snapshot.orchestrators.flatMap(({ shards }) => shards), ...snapshot.models];
}
