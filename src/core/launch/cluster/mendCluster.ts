import { problem } from '../../base/problem';
import { failure, success, type Result } from '../../base/result';
import type { OrchestratorPlan } from '../../plan/deploymentPlan';
import type { LaunchContext } from '../launchContext';
import { formCluster } from './formCluster';

/**
 * Milliseconds for which a cluster must stay whole where a shard did not know another. Since Redis 7.2 a shard that was told to forget
 * another tells all others, for a minute, to forget it too: until then each meeting is undone, and the cluster is whole for moments.
 */
const probation = 5000;

/**
 * Brings the cluster of an orchestrator back to its plan: what is missing is done, what is there stays, and a
 * whole cluster is left as it is. Every shard must run. Throws the signal's reason when it is aborted.
 */
export async function mendCluster(
  context: LaunchContext,
  orchestrator: OrchestratorPlan,
  running: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Result<void>> {
  const { identifier, shards } = orchestrator;
  const ended = shards.filter(({ name }) => !running.has(name)).map(({ name }) => name);
  if (ended.length > 0) {
    return failure(problem('cluster-lacks-shards', { orchestrator: identifier, shards: ended.join(', ') }));
  }
  const mended = await formCluster(context, orchestrator, signal, {
    limit: context.limits.mending,
    probation,
  });
  if (!mended.ok) return mended;
  context.emit({ type: 'orchestrator-ready', identifier, slots: mended.value });
  return success(undefined);
}
