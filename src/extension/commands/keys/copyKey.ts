import * as vscode from 'vscode';
import type { KeyRow } from '../../../core/keyspace/tree/keyRow';
import { done, type Command, type Workbench } from '../workbench';
import { chosenRows } from './chosenKeys';

/** Copies names, one a line: as they are where they are text, else escaped as they are shown. */
export const copyKey: Command = async (workbench, target, selected) => {
  const names = chosenRows(workbench, target, selected).map((row) => exactName(row, workbench));
  if (names.length === 0) return done;
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

function exactName(row: KeyRow, { keys: { store } }: Workbench): string {
  const bytes = bytesOf(row);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return store.displayKey(bytes, Infinity);
  }
}

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
