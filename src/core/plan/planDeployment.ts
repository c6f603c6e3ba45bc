import { problem, severityOf, type Problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import { chooseAiModule } from '../site/chooseAiModule';
import { logoutProblem } from '../site/logout';
import type { Site } from '../site/site';
import type { ExperimentSpec } from '../spec/experimentSpec';
import { checkPaths } from './checkPaths';
import type { DeploymentPlan, OrchestratorPlan } from './deploymentPlan';
import { launchOrder } from './launchOrder';
import { planModel } from './planModel';
import { planOrchestrator } from './planOrchestrator';
import { runPaths } from './runPaths';

/**
 * Everything that a launch of this experiment on this machine will do. Pure: `site` must answer `questionsOf(spec)`.
 * Every problem has a path in the document.
 */
export function planDeployment(spec: ExperimentSpec, site: Site, runId: string): Result<DeploymentPlan> {
  const orchestrators = spec.orchestrators.map((_, index) => planOrchestrator(spec, index, site, runId));
  const launched = orchestrators.flatMap((result) => (result.ok ? [result.value] : []));
  const models = launchOrder(spec.models).map((model) => planModel(spec, model, launched, site, runId));
  const problems = [
    ...checkLauncher(spec, site),
    ...checkLogout(spec, site),
    ...checkPaths(spec, site.directories, runId),
    ...orchestrators.flatMap((result) => result.problems),
    ...models.flatMap((result) => result.problems),
  ];
  if (problems.some((found) => severityOf(found) === 'error')) return failure(...problems);
  return success<DeploymentPlan>(
    {
      version: 1,
      runId,
      experiment: spec.experiment,
      file: spec.file,
      directory: spec.directory,
      runDirectory: runPaths(spec, runId).runDirectory,
      host: site.host,
      ...engineCopy(site, launched, runPaths(spec, runId).engine),
      orchestrators: launched,
      models: models.flatMap((result) => (result.ok ? [result.value] : [])),
    },
    problems,
  );
}

/** Our engine, where an orchestrator loads it: every one loads the same copy. */
function engineCopy(
  { aiModules }: Site,
  orchestrators: readonly OrchestratorPlan[],
  copy: string,
): Pick<DeploymentPlan, 'engine'> {
  if (orchestrators.every(({ ai }) => ai !== 'builtin')) return {};
  const chosen = chooseAiModule(aiModules, 'builtin');
  if (!chosen.ok || chosen.value === undefined)
    throw new Error('an orchestrator loads an engine that is not there');
  return { engine: { from: chosen.value.path, copy } };
}

/** A run lives until somebody stops it, unless the machine thinks otherwise. */
function checkLogout({ file }: ExperimentSpec, { logoutEnd }: Site): readonly Problem[] {
  return logoutEnd === undefined ? [] : [logoutProblem(logoutEnd, { file, path: ['launcher'] })];
}

function checkLauncher(spec: ExperimentSpec, site: Site): readonly Problem[] {
  if (spec.launcher === 'local' || site.workloadManager === undefined) return [];
  const manager = { pbs: 'PBS', lsf: 'LSF', slurm: 'Slurm' }[site.workloadManager];
  const place = { file: spec.file, path: ['launcher'] };
  return [problem('workload-manager-not-supported-yet', { manager }, { place })];
}
