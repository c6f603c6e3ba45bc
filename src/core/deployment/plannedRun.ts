import type { DeploymentPlan } from '../plan/deploymentPlan';
import type { RunSnapshot } from './runSnapshot';

/** The state of a run of which nothing is started yet. */
export function plannedRun(plan: DeploymentPlan, at: number, sequence: number): RunSnapshot {
  return {
    id: plan.runId,
    experiment: plan.experiment,
    file: plan.file,
    directory: plan.directory,
    runDirectory: plan.runDirectory,
    host: plan.host,
    phase: 'planned',
    startedAt: at,
    orchestrators: plan.orchestrators.map((orchestrator) => ({
      id: orchestrator.identifier,
      at: orchestrator.at,
      phase: 'planned',
      engine: orchestrator.engine,
      version: orchestrator.version,
      ai: orchestrator.ai,
      ssdb: orchestrator.ssdb,
      clustered: orchestrator.clustered,
      shards: orchestrator.shards.map(({ at: place, name, host, port, out, err }) => ({
        name,
        at: place,
        host,
        port,
        status: 'New',
        slots: [],
        out,
        err,
      })),
    })),
    models: plan.models.map(({ at: place, name, out, err }) => ({
      name,
      at: place,
      status: 'New',
      out,
      err,
    })),
    sequence,
  };
}
