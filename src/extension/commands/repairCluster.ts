import * as vscode from 'vscode';
import { problem } from '../../core/base/problem';
import { withViewProgress } from '../ui/progress';
import { chosenRun } from './chosenRun';
import { subjectOf } from './target';
import { done, type Command } from './workbench';

/** Brings the cluster of an orchestrator back to its plan; without one in particular, all of a run. */
export const repairCluster: Command = async (workbench, target) => {
  if (!vscode.workspace.isTrusted) return [problem('workspace-untrusted')];
  const chosen = await chosenRun(
    workbench,
    target,
    ({ live, snapshot }) => live && snapshot.orchestrators.some(({ clustered }) => clustered),
    workbench.wording.t('Repair the cluster of which experiment?'),
  );
  if (!chosen.ok) return chosen.problems;
  const run = chosen.value;
  if (run === undefined) return done;
  const subject = subjectOf(target);
  const wanted = subject?.kind === 'orchestrator' ? subject.name : undefined;
  const clusters = run.snapshot.orchestrators.filter(
    ({ id, clustered }) => clustered && (wanted ?? id) === id,
  );
  const repairs = await withViewProgress(() => Promise.all(clusters.map(({ id }) => run.repair(id))));
  return repairs.flatMap((repaired) => (repaired.ok ? [] : repaired.problems));
};
