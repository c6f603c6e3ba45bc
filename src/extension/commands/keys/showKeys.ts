import * as vscode from 'vscode';
import { problem } from '../../../core/base/problem';
import type { KnownDatabase } from '../../state/connectionStore';
import type { Subject } from '../../views/viewNode';
import { pick } from '../../ui/pickers';
import { databaseChoice } from '../connections/chosenDatabase';
import { connectTo } from '../connections/connectDatabase';
import { subjectOf } from '../target';
import { done, type Command } from '../workbench';

/** Shows what an orchestrator or another database holds in the Keys view. */
export const showKeys: Command = async (workbench, target) => {
  if (!vscode.workspace.isTrusted) return [problem('workspace-untrusted')];
  const { runs, keys, wording } = workbench;
  await runs.follow();
  const subject = subjectOf(target);
  await (subject === undefined ? keys.connections.once() : keys.connections.load());
  const named = keys.connections.databases.filter((known) => isMeant(known, subject));
  if (named.length === 0) return [problem('nothing-running')];
  const chosen = await pick(
    named.map((known) => databaseChoice(known, wording)),
    wording.t('Show the keys of which database?'),
  );
  return chosen === undefined ? done : connectTo(workbench, chosen.target);
};

function isMeant({ target, origins }: KnownDatabase, subject: Subject | undefined): boolean {
  if (subject?.kind === 'database') return target.id === subject.id;
  if (subject?.kind !== 'orchestrator') return true;
  return origins.some(
    (origin) => origin.kind === 'run' && origin.run === subject.runId && origin.orchestrator === subject.name,
  );
}
