import * as vscode from 'vscode';
import { problem } from '../../core/base/problem';
import { withViewProgress } from '../ui/progress';
import { entityOf } from './entityOf';
import { done, type Command } from './workbench';

/** Stops a model if it runs, and starts it again in the same run. */
export const restartModel: Command = async (workbench, target) => {
  if (!vscode.workspace.isTrusted) return [problem('workspace-untrusted')];
  const chosen = await entityOf(
    workbench,
    target,
    ({ kind, run }) => kind === 'model' && run.live,
    workbench.wording.t('Restart which model?'),
  );
  if (!chosen.ok) return chosen.problems;
  if (chosen.value === undefined) return done;
  const { run, snapshot } = chosen.value;
  const restarted = await withViewProgress(() => run.restart(snapshot.name));
  return restarted.ok ? done : restarted.problems;
};
