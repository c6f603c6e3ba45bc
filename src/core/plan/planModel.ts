import path from 'node:path';
import { problem, severityOf, type DocumentPath, type Place, type Problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import type { Site } from '../site/site';
import type { ExperimentSpec, ModelSpec } from '../spec/experimentSpec';
import type { ModelPlan, OrchestratorPlan } from './deploymentPlan';
import { formatRunArgs, isReservedRunArg } from './formatRunArgs';
import { modelEnvironment } from './modelEnvironment';
import { looseArguments } from './questionsOf';
import { runPaths } from './runPaths';
import { planStaging } from './planStaging';

/** What one model will be. */
export function planModel(
  spec: ExperimentSpec,
  model: ModelSpec,
  orchestrators: readonly OrchestratorPlan[],
  site: Site,
  runId: string,
): Result<ModelPlan> {
  const { exe, exeArgs, runCommand, runArgs } = model.runSettings;
  const place = (...steps: DocumentPath): Place => ({ file: spec.file, path: [...model.at, ...steps] });
  const program = findProgram(model, exe, place('run_settings', 'exe'), site);
  const starter =
    runCommand === undefined
      ? success(undefined)
      : findProgram(model, runCommand, place('run_settings', 'run_command'), site);
  const staging = planStaging(spec.file, model, site.files);
  const problems = [
    ...program.problems,
    ...starter.problems,
    ...runArgs
      .filter(([name]) => runCommand !== undefined && isReservedRunArg(runCommand, name))
      .map(([name]) =>
        problem(
          'run-argument-reserved',
          { model: model.name, argument: name },
          { place: place('run_settings', 'run_args', name) },
        ),
      ),
    ...staging.problems,
    ...findUnstagedFiles(spec, model, site),
  ];
  const failed = problems.some((found) => severityOf(found) === 'error');
  if (failed || !program.ok || !starter.ok || !staging.ok) return failure(...problems);

  const paths = runPaths(spec, runId);
  const before = starter.value === undefined ? [] : [starter.value, ...formatRunArgs(starter.value, runArgs)];
  return success<ModelPlan>(
    {
      at: model.at,
      name: model.name,
      directory: model.directory,
      argv: [...before, program.value, ...exeArgs],
      environment: modelEnvironment(model, orchestrators),
      dependsOn: model.dependsOn.map((dependency) => ({
        model: dependency.model,
        condition: dependency.condition,
      })),
      stage: staging.value,
      out: paths.out(model.name),
      err: paths.err(model.name),
    },
    problems,
  );
}

function findProgram(model: ModelSpec, name: string, place: Place, site: Site): Result<string> {
  const answer = site.executables.get(name) ?? { kind: 'missing' };
  switch (answer.kind) {
    case 'found':
      return success(answer.path);
    case 'missing':
      return failure(problem('executable-missing', { model: model.name, exe: name }, { place }));
    case 'directory':
      return failure(problem('executable-is-directory', { model: model.name, path: answer.path }, { place }));
    case 'not-executable':
      return failure(problem('executable-not-allowed', { model: model.name, path: answer.path }, { place }));
    case 'no-program':
      return failure(problem('executable-no-program', { model: model.name, path: answer.path }, { place }));
    case 'interpreter-missing': {
      const { path: script, interpreter } = answer;
      // The `\r` of a line that was written on Windows belongs to the name, and has to be seen.
      const shown = interpreter.replaceAll('\r', '\\r');
      return failure(
        problem(
          'executable-interpreter-missing',
          { model: model.name, path: script, interpreter: shown },
          { place },
        ),
      );
    }
  }
}

/** Arguments that name a file beside the experiment file which the model will not find where it runs. */
function findUnstagedFiles(spec: ExperimentSpec, model: ModelSpec, site: Site): readonly Problem[] {
  const folder = path.dirname(spec.file);
  const staged = new Set(
    [...model.files.toCopy, ...model.files.toSymlink].map((file) => path.basename(file.path)),
  );
  const isThere = (file: string): boolean => !['missing', undefined].includes(site.files.get(file));
  return looseArguments(model)
    .filter(
      ({ argument }) =>
        isThere(path.resolve(folder, argument)) &&
        !isThere(path.resolve(model.directory, argument)) &&
        !staged.has(path.normalize(argument)),
    )
    .map(({ argument, index }) =>
      problem(
        'file-not-staged',
        { model: model.name, argument, directory: model.directory },
        { place: { file: spec.file, path: [...model.at, 'run_settings', 'exe_args', index] } },
      ),
    );
}
