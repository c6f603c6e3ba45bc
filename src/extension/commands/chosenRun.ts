import { problem } from '../../core/base/problem';
import { failure, success, type Result } from '../../core/base/result';
import type { Run } from '../../core/run/run';
import { experimentLabel } from '../state/experimentLabel';
import { pick, runChoice } from '../ui/pickers';
import { activeFile, fileOf } from './target';
import type { Workbench } from './workbench';

/**
 * The run that a command is about, among those that are `wanted`: of the row or file it was invoked on, else of
 * the file in the editor, else the only one, else the one that the user picks (undefined: none).
 */
export async function chosenRun(
  { runs, wording }: Workbench,
  target: unknown,
  wanted: (run: Run) => boolean,
  question: string,
): Promise<Result<Run | undefined>> {
  await runs.follow();
  const candidates = runs.runs.filter(wanted);
  const named = fileOf(target);
  if (named !== undefined) {
    const run = candidates.find(({ record }) => record.file === named);
    return run === undefined
      ? failure(problem('experiment-not-running', { experiment: experimentLabel(named) }))
      : success(run);
  }
  const active = activeFile();
  const ofEditor = candidates.find(({ record }) => record.file === active);
  if (ofEditor !== undefined) return success(ofEditor);
  if (candidates.length === 0) return failure(problem('nothing-running'));
  return success(
    await pick(
      candidates.map((run) => runChoice(run, wording)),
      question,
    ),
  );
}
