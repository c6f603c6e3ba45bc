import * as vscode from 'vscode';
import { mostSearched } from '../../views/keys/keyListing';
import type { RowSort } from '../../views/keys/rowSort';
import { countText } from '../../wording/quantityWords';
import { done, type Command } from '../workbench';

/** Asks by what the rows of the Keys view are ordered. */
export const sortKeys: Command = async ({ keys: { tree }, wording }) => {
  const { t } = wording;
  const count = countText(mostSearched, wording);
  const choices: readonly (vscode.QuickPickItem & { readonly by: RowSort })[] = [
    { label: t('Name'), by: 'name' },
    {
      label: t('Size'),
      detail: t('The largest first, of up to {count} rows of a folder', { count }),
      by: 'size',
    },
    { label: t('Kind'), detail: t('Of up to {count} rows of a folder', { count }), by: 'kind' },
  ];
  const chosen = await vscode.window.showQuickPick(
    choices.map((choice) => ({ ...choice, description: choice.by === tree.sort ? t('shown now') : '' })),
    { title: t('Sort keys by') },
  );
  if (chosen !== undefined) tree.sort = chosen.by;
  return done;
};
