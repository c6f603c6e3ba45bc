import * as vscode from 'vscode';
import { problem } from '../../../core/base/problem';
import { viewId } from '../../contributions';
import { databasesOfRuns, runDatabaseId } from '../../state/runDatabases';
import { pick } from '../../ui/pickers';
import { subjectOf } from '../target';
import { done, type Command } from '../workbench';

/** Shows what an orchestrator holds in the Keys view. */
export const showKeys: Command = async (workbench, target) => {
  if (!vscode.workspace.isTrusted) return [problem('workspace-untrusted')];
  const { runs, keys } = workbench;
  await runs.follow();
  const databases = databasesOfRuns(runs.runs);
  const subject = subjectOf(target);
  const wanted = subject?.kind === 'orchestrator' ? runDatabaseId(subject.runId, subject.name) : undefined;
  const named = databases.filter(({ id }) => wanted === undefined || id === wanted);
  if (named.length === 0) return [problem('nothing-running')];
  const chosen = await pick(
    named.map((database) => ({ label: database.name, value: database })),
    workbench.wording.t('Show the keys of which orchestrator?'),
  );
  if (chosen === undefined) return done;
  keys.store.choose(chosen);
  await vscode.commands.executeCommand(`${viewId.keys}.focus`);
  return done;
};
