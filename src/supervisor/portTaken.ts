import { severityOf, type Place, type Problem } from '../core/base/problem';
import type { DeploymentPlan, ShardPlan } from '../core/plan/deploymentPlan';

/**
 * Who has the port of a shard or its bus port, in the words of the check before a launch; undefined when nobody has it
 * any more. Its parts are loaded when they are needed: the way to the first server must be short.
 */
export async function portTakenBy(
  plan: DeploymentPlan,
  { host, port, busPort }: ShardPlan,
  place: Place,
): Promise<Problem | undefined> {
  const [{ probePort }, { describePortHolder }] = await Promise.all([
    import('../core/site/probePort'),
    import('../core/plan/describePortHolder'),
  ]);
  const answer = await probePort(port, busPort !== undefined, [host]);
  if (answer.kind !== 'taken') return undefined;
  const found = describePortHolder(answer, plan.directory, place);
  return severityOf(found) === 'error' ? found : undefined;
}
