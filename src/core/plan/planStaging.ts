import path from 'node:path';
import { problem, type Problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import type { FileAnswer } from '../site/filesAndDirectories';
import type { ModelSpec, StagedFile } from '../spec/experimentSpec';
import type { StageStep } from './deploymentPlan';

/**
 * How a model's files get into its working directory: each under its last name. Of a directory that is copied it is
 * the content that arrives, as in SmartSim.
 */
export function planStaging(
  file: string,
  model: ModelSpec,
  files: ReadonlyMap<string, FileAnswer>,
): Result<readonly StageStep[]> {
  const steps = [
    ...model.files.toCopy.map((staged) => stepOf(model, 'copy', staged, files.get(staged.path))),
    ...model.files.toSymlink.map((staged) => stepOf(model, 'symlink', staged, files.get(staged.path))),
  ];
  const problems: Problem[] = [];
  const taken = new Map<string, StageStep>();
  for (const step of steps) {
    const place = { file, path: step.at };
    const answer = files.get(step.from) ?? 'missing';
    const args = { model: model.name, path: step.from };
    if (answer === 'missing') problems.push(problem('staged-file-missing', args, { place }));
    else if (answer === 'unreadable') problems.push(problem('staged-file-unreadable', args, { place }));
    else if (answer === 'other') problems.push(problem('staged-file-special', args, { place }));

    const rival = taken.get(step.to);
    if (rival !== undefined && rival.from !== step.from && step.to !== model.directory)
      problems.push(
        problem(
          'staged-twice',
          { model: model.name, name: path.basename(step.to), path: rival.from },
          { place },
        ),
      );
    taken.set(step.to, step);
  }
  // What lies there already stays as it is.
  return problems.length > 0 ? failure(...problems) : success(steps.filter(({ from, to }) => from !== to));
}

function stepOf(
  model: ModelSpec,
  action: StageStep['action'],
  staged: StagedFile,
  answer: FileAnswer | undefined,
): StageStep {
  const spreads = action === 'copy' && answer === 'directory';
  const to = spreads ? model.directory : path.join(model.directory, path.basename(staged.path));
  return { action, from: staged.path, to, at: staged.at };
}
