import { problem } from '../../core/base/problem';
import { failure, success, type Result } from '../../core/base/result';
import type { Run } from '../../core/run/run';
import { experimentLabel } from '../state/experimentLabel';
import { pick, runChoice } from '../ui/pickers';
import { activeFile, fileOf } from './target';
import type { Workbench } from './workbench';

/**
 * The live run that a command is about: of the row or file it was invoked on, else of the file in
 * the editor, else the only one, else the one that the user picks (undefined: none).
 */
export async function liveRun(
  { runs, wording }: Workbench,
  target: unknown,
  question: string,
): Promise<Result<Run | undefined>> {
  await runs.follow();
  const live = runs.runs.filter((run) => run.live);
  const named = fileOf(target);
  if (named !== undefined) {
    const run = live.find(({ record }) => record.file === named);
    return run === undefined
      ? failure(problem('experiment-not-running', { experiment: experimentLabel(named) }))
      : success(run);
  }
  const active = activeFile();
  const ofEditor = live.find(({ record }) => record.file === active);
  if (ofEditor !== undefined) return success(ofEditor);
  if (live.length === 0) return failure(problem('nothing-running'));
  return success(
    await pick(
      live.map((run) => runChoice(run, wording)),
      question,
    ),
  );
}
