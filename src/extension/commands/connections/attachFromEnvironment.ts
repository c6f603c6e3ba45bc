import * as vscode from 'vscode';
import { problem } from '../../../core/base/problem';
import { pick } from '../../ui/pickers';
import { databaseChoice } from './chosenDatabase';
import { connectTo } from './connectDatabase';
import { done, type Command } from '../workbench';

/** Connects to the database that `SSDB`, or `SSDB_` with an identifier, names in the environment of the window. */
export const attachFromEnvironment: Command = async (workbench) => {
  if (!vscode.workspace.isTrusted) return [problem('workspace-untrusted')];
  const { keys, wording } = workbench;
  await keys.connections.search();
  const named = keys.connections.databases.filter(({ origins }) =>
    origins.some(({ kind }) => kind === 'environment'),
  );
  if (named.length === 0) {
    const wrong = keys.connections.problems.filter(({ code }) => code === 'environment-address-malformed');
    return wrong.length > 0 ? wrong : [problem('environment-without-database')];
  }
  const chosen = await pick(
    named.map((known) => databaseChoice(known, wording)),
    wording.t('Attach to which database?'),
  );
  return chosen === undefined ? done : connectTo(workbench, chosen.target);
};
