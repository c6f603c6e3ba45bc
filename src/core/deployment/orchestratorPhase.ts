import { assertNever } from '../../shared/assertNever';
import { isUnwellShard } from './runHealth';
import type { OrchestratorPhase, OrchestratorSnapshot, ShardSnapshot } from './runSnapshot';

/** The phase that follows from the states of the shards. */
export function phaseAfterShardChange({ phase, shards }: OrchestratorSnapshot): OrchestratorPhase {
  const failed = shards.filter((shard) => shard.status === 'Failed').length;
  switch (phase) {
    case 'planned':
    case 'starting':
    case 'forming':
      return failed > 0 ? 'failed' : phase;
    case 'ready':
    case 'degraded':
      if (failed === shards.length) return 'failed';
      return shards.some(isUnwellShard) ? 'degraded' : 'ready';
    case 'stopping':
      return shards.some((shard) => shard.status === 'Running') ? 'stopping' : 'stopped';
    case 'stopped':
    case 'failed':
    case 'lost':
      return phase;
    default:
      return assertNever(phase);
  }
}

/** The phase once its end was asked for. */
export function phaseWhenStopping({ phase, shards }: OrchestratorSnapshot): OrchestratorPhase {
  if (phase === 'failed' || phase === 'stopped') return phase;
  return shards.some((shard) => shard.status === 'Running') ? 'stopping' : 'stopped';
}

/** A look that finds nothing new changes no phase: one that is about to be ready again says so by itself. */
export function phaseAfterLook(
  before: OrchestratorSnapshot,
  shards: readonly ShardSnapshot[],
): OrchestratorPhase {
  const unwell = (all: readonly ShardSnapshot[]): string =>
    all
      .filter(isUnwellShard)
      .map(({ name }) => name)
      .join();
  if (!isUp(before.phase) || unwell(before.shards) === unwell(shards)) return before.phase;
  return phaseAfterShardChange({ ...before, shards });
}

/** It serves, at least in part. */
export function isUp(phase: OrchestratorPhase): boolean {
  return phase === 'ready' || phase === 'degraded';
}
