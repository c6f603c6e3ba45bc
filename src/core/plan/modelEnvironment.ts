import type { ModelSpec } from '../spec/experimentSpec';
import type { OrchestratorPlan } from './deploymentPlan';

/** The identifier of an orchestrator whose variables have no suffix. */
const defaultIdentifier = 'orchestrator';

/**
 * The variables by which SmartRedis clients find their orchestrators and prefix their keys; the user's own come on
 * top. A client without SR_DB_TYPE assumes a cluster, so it is always set.
 */
export function modelEnvironment(
  model: ModelSpec,
  orchestrators: readonly Pick<OrchestratorPlan, 'identifier' | 'ssdb' | 'clustered'>[],
): Readonly<Record<string, string>> {
  const addresses = orchestrators.flatMap(({ identifier, ssdb, clustered }) => {
    const suffix = identifier === defaultIdentifier ? '' : `_${identifier}`;
    return [
      [`SSDB${suffix}`, ssdb],
      [`SR_DB_TYPE${suffix}`, clustered ? 'Clustered' : 'Standalone'],
    ] as const;
  });
  return {
    ...Object.fromEntries(addresses),
    ...(model.enableKeyPrefixing ? { SSKEYOUT: model.name } : {}),
    ...(model.incoming.length > 0 ? { SSKEYIN: model.incoming.join(',') } : {}),
    ...model.runSettings.envVars,
  };
}
