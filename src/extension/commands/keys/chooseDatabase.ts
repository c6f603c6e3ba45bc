import * as vscode from 'vscode';
import { problem } from '../../../core/base/problem';
import { commandId } from '../../contributions';
import type { KnownDatabase } from '../../state/connectionStore';
import type { Choice } from '../../ui/pickers';
import { databaseChoice } from '../connections/chosenDatabase';
import { connectTo } from '../connections/connectDatabase';
import { done, type Command } from '../workbench';

/** Lets the user choose the database whose keys are shown, among all that this window knows, or write an address. */
export const chooseDatabase: Command = async (workbench) => {
  if (!vscode.workspace.isTrusted) return [problem('workspace-untrusted')];
  const { runs, keys, wording } = workbench;
  const { t } = wording;
  await Promise.all([runs.follow(), keys.connections.once()]);
  const { shown } = keys.store;
  const current = shown.kind === 'none' ? undefined : shown.target.id;
  const byAddress: Choice<KnownDatabase | undefined> = {
    label: `$(add) ${t('Connect to Database…')}`,
    value: undefined,
  };
  const choices = keys.connections.databases.map((known) => {
    const choice = databaseChoice(known, wording);
    return known.target.id === current ? { ...choice, description: t('shown now') } : choice;
  });
  const chosen = await vscode.window.showQuickPick<Choice<KnownDatabase | undefined>>(
    [...choices, byAddress],
    {
      title: t('Show the keys of which database?'),
      matchOnDetail: true,
    },
  );
  if (chosen === undefined) return done;
  if (chosen.value !== undefined) return connectTo(workbench, chosen.value.target);
  await vscode.commands.executeCommand(commandId.connectDatabase);
  return done;
};
