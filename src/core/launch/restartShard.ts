import type { ProblemCode } from '../base/problemCatalogue';
import { success, type Result } from '../base/result';
import type { OrchestratorPlan, ShardPlan } from '../plan/deploymentPlan';
import { mendCluster } from './cluster/mendCluster';
import type { LaunchContext } from './launchContext';
import { ShardConnection } from './shardConnection';
import { startShard } from './startOrchestrator';
import { endShards } from './stopSequence';

export interface RestartSignals {
  /** Aborted when nothing may be started any more. */
  readonly life: AbortSignal;
  /** Ends without waiting for an orderly end. */
  readonly force: AbortSignal;
}

/** What keeps the cluster from being whole, and not the shard from being back: the look at the cluster tells it. */
const beyondRestart: ReadonlySet<string> = new Set<ProblemCode>([
  'cluster-lacks-shards',
  'cluster-slots-elsewhere',
]);

/**
 * Ends the shard if it runs, and starts it again in its directory and on its port, so that a node of a cluster comes
 * back with its name and its slots. Resolves when it answers, and its cluster is whole where all others run; what
 * it held in memory is lost. Throws the reason of `life` when the run ends meanwhile.
 */
export async function restartShard(
  context: LaunchContext,
  orchestrator: OrchestratorPlan,
  shard: ShardPlan,
  running: () => ReadonlySet<string>,
  { life, force }: RestartSignals,
): Promise<Result<void>> {
  context.emit({ type: 'shard-restart-requested', shard: shard.name });
  const before = context.processes.get(shard.name);
  if (before !== undefined) await endShards(context, [before], force);
  life.throwIfAborted();
  const started = await startShard(context, shard, life);
  if (!started.ok) {
    // One that lives and was only too slow is watched like every other.
    if (!context.connections.has(shard.name))
      context.connections.set(shard.name, new ShardConnection(shard, context.credentials));
    return started;
  }
  if (!orchestrator.clustered) {
    context.emit({ type: 'orchestrator-ready', identifier: orchestrator.identifier });
    return success(undefined);
  }
  const mended = await mendCluster(context, orchestrator, running(), life);
  const [cause] = mended.problems;
  return !mended.ok && cause !== undefined && beyondRestart.has(cause.code) ? success(undefined) : mended;
}
