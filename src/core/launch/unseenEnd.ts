import { problem } from '../base/problem';
import type { DeploymentPlan } from '../plan/deploymentPlan';
import type { RecordedExit } from './startProcess';

/**
 * The end of a process whose parent was killed: the system tells its return code to nobody. Where we had asked for
 * the end, that is cause enough.
 */
export function unseenEnd(plan: DeploymentPlan, name: string, requested: boolean): RecordedExit {
  const exit = { returnCode: null, signal: null, requested };
  return requested ? exit : { ...exit, cause: problem('end-unseen', { name, ...outputOf(plan, name) }) };
}

/** The files into which a shard or a model writes. */
export function outputOf(
  { orchestrators, models }: DeploymentPlan,
  name: string,
): { out: string; err: string } {
  const entities = [...orchestrators.flatMap(({ shards }) => shards), ...models];
  const { out = '', err = '' } = entities.find((entity) => entity.name === name) ?? {};
  return { out, err };
}
