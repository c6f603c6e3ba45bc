import * as vscode from 'vscode';
import type { RowSort } from '../../views/keys/rowSort';
import { done, type Command } from '../workbench';

/** Asks by what the rows of the Keys view are ordered. */
export const sortKeys: Command = async ({ keys: { tree }, wording: { t } }) => {
  const choices: readonly (vscode.QuickPickItem & { readonly by: RowSort })[] = [
    { label: t('Name'), by: 'name' },
    { label: t('Size'), detail: t('The largest first, among the rows that are shown'), by: 'size' },
    { label: t('Kind'), detail: t('Among the rows that are shown'), by: 'kind' },
  ];
  const chosen = await vscode.window.showQuickPick(
    choices.map((choice) => ({ ...choice, description: choice.by === tree.sort ? t('shown now') : '' })),
    { title: t('Sort keys by') },
  );
  if (chosen !== undefined) tree.sort = chosen.by;
  return done;
};
