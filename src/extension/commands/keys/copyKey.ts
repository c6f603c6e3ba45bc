import * as vscode from 'vscode';
import type { KeyRow } from '../../../core/keyspace/tree/keyRow';
import { done, type Command } from '../workbench';
import { chosenRows } from './chosenKeys';

/** Copies names, one a line, as *Go to Key* takes them. */
export const copyKey: Command = async (workbench, target, selected) => {
  const rows = chosenRows(workbench, target, selected);
  if (rows.length === 0) return done;
  const { copiedKey } = await workbench.keys.store.words();
  const names = rows.map((row) => copiedKey(bytesOf(row)));
  await vscode.env.clipboard.writeText(names.join('\n'));
  const { t } = workbench.wording;
  const [only] = names;
  vscode.window.setStatusBarMessage(
    names.length === 1 && only !== undefined
      ? t('Copied {text}', { text: only.slice(0, 100) })
      : t('Copied {count} names', { count: names.length }),
    3000,
  );
  return done;
};

/** Datasets and AI models have the names by which SmartRedis programs call them. */
function bytesOf(row: KeyRow): Uint8Array {
  switch (row.kind) {
    case 'key':
      return row.key;
    case 'dataset':
    case 'aiModel':
      return row.name;
    case 'folder':
      return row.folder.kind === 'prefix' ? row.folder.prefix : row.label;
  }
}
