import path from 'node:path';
import type { DeploymentPlan } from '../../src/core/plan/deploymentPlan';
import { planOf, type PlanOf } from './planOf';

/** A plan with one orchestrator of several shards that know nothing of each other, one for each port. */
export function planOfShards(given: PlanOf, ports: readonly number[]): DeploymentPlan {
  const plan = planOf({ ...given, ...(ports[0] === undefined ? {} : { port: ports[0] }) });
  const [orchestrator] = plan.orchestrators;
  const [first] = orchestrator?.shards ?? [];
  if (orchestrator === undefined || first === undefined) return plan;
  const shards = ports.map((port, index) => {
    const name = `orchestrator_${index}`;
    const renamed = (file: string): string => file.replace(first.name, name);
    const configuration = {
      ...first.configuration,
      path: renamed(first.configuration.path),
      text: first.configuration.text.replace(`port ${first.port}`, `port ${port}`),
    };
    return {
      ...first,
      name,
      port,
      argv: [first.argv[0] ?? '', configuration.path],
      directory: path.join(plan.runDirectory, name),
      configuration,
      out: renamed(first.out),
      err: renamed(first.err),
    };
  });
  return { ...plan, orchestrators: [{ ...orchestrator, shards }] };
}
