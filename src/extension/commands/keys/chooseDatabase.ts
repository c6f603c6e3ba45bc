import * as vscode from 'vscode';
import { problem } from '../../../core/base/problem';
import type { DatabaseTarget } from '../../../core/database/databaseTarget';
import type { Endpoint } from '../../../core/redis/wire/endpoint';
import { viewId } from '../../contributions';
import { done, type Command } from '../workbench';

/** Servers of a database that are named; the others can be found by them. */
const mostNamed = 3;

/** Lets the user choose the database whose keys are shown. */
export const chooseDatabase: Command = async ({ runs, keys, wording }) => {
  if (!vscode.workspace.isTrusted) return [problem('workspace-untrusted')];
  const { t } = wording;
  await runs.follow();
  const { shown, targets } = keys.store;
  if (targets.length === 0) return [problem('nothing-running')];
  const current = shown.kind === 'none' ? undefined : shown.target.id;
  const chosen = await vscode.window.showQuickPick(
    targets.map((target) => ({
      label: target.name,
      description: target.id === current ? t('shown now') : '',
      detail: addressText(target),
      target,
    })),
    { title: t('Show the keys of which database?'), matchOnDetail: true },
  );
  if (chosen === undefined) return done;
  keys.store.choose(chosen.target);
  await vscode.commands.executeCommand(`${viewId.keys}.focus`);
  return done;
};

function addressText({ endpoints }: DatabaseTarget): string {
  const named = endpoints.slice(0, mostNamed).map((endpoint) => endpointWords(endpoint));
  return endpoints.length > mostNamed ? `${named.join(', ')}, …` : named.join(', ');
}

function endpointWords(endpoint: Endpoint): string {
  return endpoint.kind === 'socket' ? endpoint.path : `${endpoint.host}:${endpoint.port}`;
}
