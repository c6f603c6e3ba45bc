import * as vscode from 'vscode';
import { problem } from '../../core/base/problem';
import { withViewProgress } from '../ui/progress';
import { liveRun } from './liveRun';
import { done, type Command } from './workbench';

/** Stops a run: models first, then the orchestrator. Resolves when nothing of it is left. */
export const stopExperiment: Command = async (workbench, target) => {
  if (!vscode.workspace.isTrusted) return [problem('workspace-untrusted')];
  const chosen = await liveRun(workbench, target, workbench.wording.t('Stop which experiment?'));
  if (!chosen.ok) return chosen.problems;
  const run = chosen.value;
  if (run === undefined) return done;
  const stopped = await withViewProgress(() => run.stop());
  if (stopped.ok) workbench.log.info(`Stopped run ${run.record.id}.`);
  return stopped.ok ? done : stopped.problems;
};
