import * as vscode from 'vscode';
import { problem } from '../../core/base/problem';
import { withViewProgress } from '../ui/progress';
import type { Wording } from '../wording/wording';
import { entityOf, type Entity } from './entityOf';
import { done, type Command } from './workbench';

/** Stops a model if it runs, and starts it again in the same run. */
export const restartModel: Command = restart('model', ({ t }) => t('Restart which model?'));

/** The same for a shard. Asks first where that loses what the shard holds. */
export const restartShard: Command = restart('shard', ({ t }) => t('Restart which shard?'));

function restart(kind: Entity['kind'], question: (wording: Wording) => string): Command {
  return async (workbench, target) => {
    if (!vscode.workspace.isTrusted) return [problem('workspace-untrusted')];
    const chosen = await entityOf(
      workbench,
      target,
      (entity) => entity.kind === kind && entity.run.live,
      question(workbench.wording),
    );
    if (!chosen.ok) return chosen.problems;
    const entity = chosen.value;
    if (entity === undefined || !(await isMeant(entity, workbench.wording))) return done;
    const restarted = await withViewProgress(() => entity.run.restart(entity.snapshot.name));
    return restarted.ok ? done : restarted.problems;
  };
}

async function isMeant({ kind, snapshot }: Entity, { t }: Wording): Promise<boolean> {
  if (kind === 'model' || snapshot.status !== 'Running') return true;
  const answer = t('Restart');
  const options = { modal: true, detail: t('What it holds in memory is lost.') };
  const text = t('Restart shard {shard}?', { shard: snapshot.name });
  return (await vscode.window.showWarningMessage(text, options, answer)) === answer;
}
