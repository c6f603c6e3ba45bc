import * as vscode from 'vscode';
import { joinBytes, utf8 } from '../../../core/base/bytes';
import type { KeyRow } from '../../../core/keyspace/tree/keyRow';
import type { Problem } from '../../../core/base/problem';
import type { OpenDatabase } from '../../state/keyStore';
import { done, type Command } from '../workbench';
import { changeable, chosenRows } from './chosenKeys';

/** Gives a key or a dataset another name. */
export const renameKey: Command = async (workbench, target, selected) => {
  const [row] = chosenRows(workbench, target, selected);
  if (row === undefined || (row.kind !== 'key' && row.kind !== 'dataset')) return done;
  const database = changeable(workbench, 'RENAMENX');
  if (!database.ok) return database.problems;
  const { store, tree } = workbench.keys;
  const { t } = workbench.wording;
  const { parseTypedKey, displayKey } = await store.words();
  const before = displayKey(row.kind === 'key' ? row.key : row.name, Infinity);
  const typed = await vscode.window.showInputBox({
    title: row.kind === 'key' ? t('Rename Key') : t('Rename Dataset'),
    prompt: t('\\xff stands for a byte that is no text, and \\\\ for a backslash.'),
    value: before,
    validateInput: (text) => (text === '' ? t('A name is needed.') : undefined),
  });
  if (typed === undefined || typed === before) return done;
  const problems = await rename(database.value, row, parseTypedKey(typed));
  await tree.redraw();
  return problems;
};

async function rename(
  { inspector, target: { id } }: OpenDatabase,
  row: Extract<KeyRow, { kind: 'key' | 'dataset' }>,
  name: Uint8Array,
): Promise<readonly Problem[]> {
  if (row.kind === 'key') {
    const renamed = await inspector.rename(id, row.key, name);
    return renamed.ok ? done : renamed.problems;
  }
  const { folder } = row;
  if (folder.kind !== 'dataset') return done;
  // `…{name}.`: what stands before the brace stays.
  const before = folder.prefix.subarray(0, folder.prefix.length - row.name.length - 2);
  const renamed = await inspector.renameDataset(id, folder.prefix, joinBytes([before, name, utf8('}.')]));
  return renamed.ok ? done : renamed.problems;
}
