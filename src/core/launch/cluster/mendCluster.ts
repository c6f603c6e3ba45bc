import { problem } from '../../base/problem';
import { failure, success, type Result } from '../../base/result';
import type { OrchestratorPlan } from '../../plan/deploymentPlan';
import type { LaunchContext } from '../launchContext';
import { formCluster } from './formCluster';

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
  const mended = await formCluster(context, orchestrator, signal);
  if (!mended.ok) return mended;
  context.emit({ type: 'orchestrator-ready', identifier, slots: mended.value });
  return success(undefined);
}
