import * as vscode from 'vscode';
import { problem } from '../../core/base/problem';
import type { Run } from '../../core/run/run';
import { asksBeforeStop } from '../state/stopQuestion';
import { canStop } from '../state/runOffers';
import { withViewProgress } from '../ui/progress';
import { durationText } from '../wording/quantityWords';
import type { Wording } from '../wording/wording';
import { chosenRun } from './chosenRun';
import { done, type Command } from './workbench';

/**
 * Stops a run: models first, then the orchestrator. Asks before it ends one that has gone on for long.
 * Resolves when nothing of it is left.
 */
export const stopExperiment: Command = async (workbench, target) => {
  if (!vscode.workspace.isTrusted) return [problem('workspace-untrusted')];
  const chosen = await chosenRun(workbench, target, canStop, workbench.wording.t('Stop which experiment?'));
  if (!chosen.ok) return chosen.problems;
  const run = chosen.value;
  if (run === undefined || !(await isMeant(run, workbench.wording))) return done;
  const stopped = await withViewProgress(() => run.stop());
  // Without a supervisor nobody tells of the end.
  if (!run.live) await workbench.runs.refresh();
  if (stopped.ok) workbench.log.info(`Stopped run ${run.record.id}.`);
  return stopped.ok ? done : stopped.problems;
};

async function isMeant({ record, snapshot }: Run, wording: Wording): Promise<boolean> {
  const now = Date.now();
  if (!asksBeforeStop(snapshot, now)) return true;
  const { t } = wording;
  const stop = t('Stop');
  const answer = await vscode.window.showWarningMessage(
    t('Stop {experiment}?', { experiment: record.experiment }),
    {
      modal: true,
      detail: t(
        'It has been running for {duration}. Its models are ended, and what its database holds in memory is lost.',
        { duration: durationText(now - snapshot.startedAt, wording) },
      ),
    },
    stop,
  );
  return answer === stop;
}
