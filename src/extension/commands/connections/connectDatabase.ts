import * as vscode from 'vscode';
import { problem, type Problem } from '../../../core/base/problem';
import type { DatabaseTarget } from '../../../core/database/databaseTarget';
import type { DatabaseCore } from '../../bridge/databaseCore';
import { viewId } from '../../contributions';
import { messageText } from '../../wording/problemWords';
import { subjectOf } from '../target';
import { done, type Command, type Workbench } from '../workbench';
import { letIn, type LetIn } from './letIn';

/** Connects to the database of a row, or to the one whose address the user writes, and shows its keys. */
export const connectDatabase: Command = async (workbench, target) => {
  if (!vscode.workspace.isTrusted) return [problem('workspace-untrusted')];
  const subject = subjectOf(target);
  if (subject?.kind === 'database') {
    const known = workbench.keys.connections.byId(subject.id);
    return known === undefined ? [problem('database-gone')] : connectTo(workbench, known.target);
  }
  const core = await workbench.keys.connections.load();
  const written = await askAddress(core, workbench);
  if (written === undefined) return done;
  const address = core.parseAddress(written);
  if (!address.ok) return address.problems;
  const { secret } = address.value;
  const attempt = { target: core.addressTarget(address.value), ...(secret === undefined ? {} : { secret }) };
  return enter(workbench, attempt, true);
};

/** Connects to a database that is known, asking only for what it wants, and shows its keys. */
export async function connectTo(workbench: Workbench, target: DatabaseTarget): Promise<readonly Problem[]> {
  if (target.own) return show(workbench, target);
  const secret = await workbench.keys.connections.secretOf(target.id);
  return enter(workbench, { target, ...(secret === undefined ? {} : { secret }) }, false);
}

/** `byAddress`: it is to be remembered even where nothing had to be asked. */
async function enter(workbench: Workbench, attempt: LetIn, byAddress: boolean): Promise<readonly Problem[]> {
  const { connections } = workbench.keys;
  const entered = await letIn(attempt, { core: await connections.load(), wording: workbench.wording });
  if (entered === undefined) return done;
  if (!entered.ok) return entered.problems;
  const { target, secret } = entered.value;
  const learnt = secret !== attempt.secret || JSON.stringify(target) !== JSON.stringify(attempt.target);
  if (byAddress || learnt) await connections.remember(target, secret);
  // With another user or with TLS it is another connection, which takes the place of the one that was refused.
  if (target.id !== attempt.target.id && connections.byId(attempt.target.id)?.remembered === true)
    await connections.forget(attempt.target.id);
  connections.connect(target.id);
  return show(workbench, target);
}

async function show({ keys }: Workbench, target: DatabaseTarget): Promise<readonly Problem[]> {
  keys.store.choose(target);
  await vscode.commands.executeCommand(`${viewId.keys}.focus`);
  return done;
}

function askAddress(
  { parseAddress }: DatabaseCore,
  { wording: { t } }: Workbench,
): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: t('Connect to Database'),
    prompt: t('host:port, several with commas for a cluster, or the path of a Unix socket'),
    placeHolder: 'localhost:6379',
    ignoreFocusOut: true,
    validateInput: (text) => {
      const [wrong] = parseAddress(text).problems;
      return wrong === undefined || text.trim() === '' ? undefined : messageText(wrong, t);
    },
  });
}
