import { success, type Result } from '../base/result';
import type { OrchestratorPlan, ShardPlan } from '../plan/deploymentPlan';
import { mendCluster } from './cluster/mendCluster';
import { eitherSignal } from './eitherSignal';
import type { LaunchContext } from './launchContext';
import { untilAnswers } from './readiness';

/**
 * Makes an orchestrator ready whose supervisor was killed in the middle of a restart or repair. One with shards that
 * have ended, or do not answer, stays as it is. Throws the signal's reason when it is aborted.
 */
export async function resumeOrchestrator(
  context: LaunchContext,
  orchestrator: OrchestratorPlan,
  running: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Result<void>> {
  if (orchestrator.clustered) return mendCluster(context, orchestrator, running, signal);
  for (const shard of orchestrator.shards)
    if (!(await answers(context, shard, signal))) return success(undefined);
  context.emit({ type: 'orchestrator-ready', identifier: orchestrator.identifier });
  return success(undefined);
}

async function answers(context: LaunchContext, shard: ShardPlan, signal: AbortSignal): Promise<boolean> {
  const process = context.processes.get(shard.name);
  if (process === undefined) return false;
  const gone = new AbortController();
  void process.exitRecorded.then(() => {
    gone.abort();
  });
  try {
    const readiness = await untilAnswers(shard, process.identity.pid, {
      limit: context.limits.answer,
      onAccepted: () => undefined,
      signal: eitherSignal(signal, gone.signal),
    });
    if (readiness.kind !== 'answers') return false;
    context.emit({ type: 'shard-answered', shard: shard.name, version: readiness.version });
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (!gone.signal.aborted) throw error;
    return false;
  }
}
