import * as vscode from 'vscode';
import { problem } from '../../core/base/problem';
import { isLeftOver } from '../state/runOffers';
import { withViewProgress } from '../ui/progress';
import { chosenRun } from './chosenRun';
import { done, type Command } from './workbench';

/** Gives a run whose supervisor was killed a new one: it goes on with all that still runs. */
export const takeOver: Command = async (workbench, target) => {
  if (!vscode.workspace.isTrusted) return [problem('workspace-untrusted')];
  const { core, log, runs, wording } = workbench;
  const chosen = await chosenRun(workbench, target, isLeftOver, wording.t('Take over which experiment?'));
  if (!chosen.ok) return chosen.problems;
  if (chosen.value === undefined) return done;
  const { record } = chosen.value;
  const adopted = await withViewProgress(() => core.adopt(record));
  if (adopted.ok) {
    log.info(`Took over run ${record.id}.`);
    runs.add(adopted.value);
  }
  return adopted.ok ? done : adopted.problems;
};
