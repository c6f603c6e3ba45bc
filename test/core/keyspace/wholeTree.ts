import assert from 'node:assert/strict';
import type { SortedNames } from '../../../src/core/keyspace/names/sortedNames';
import type { KeyGrouping } from '../../../src/core/keyspace/tree/keyGrammar';
import { keysBelow } from '../../../src/core/keyspace/tree/keysBelow';
import type { KeyFolder, KeyRow } from '../../../src/core/keyspace/tree/keyRow';
import { rowsOf } from '../../../src/core/keyspace/tree/rowsOf';
import { keysOf, type NaiveRow } from './naiveTree';

/** One character a byte. */
export const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
export const bytes = (latin1: string): Uint8Array => new Uint8Array(Buffer.from(latin1, 'latin1'));

/** What the product shows of a keyspace when every folder is opened, page by page; `exact` where its counts have to be right. */
export function wholeTree(
  names: SortedNames,
  grouping: KeyGrouping,
  { most, exact }: { readonly most: number; readonly exact: boolean },
  folder: KeyFolder = { kind: 'root' },
): NaiveRow[] {
  return allRows(names, grouping, most, folder).map((row): NaiveRow => {
    const label = text(row.label);
    switch (row.kind) {
      case 'key':
        assert.ok(text(row.key).endsWith(label));
        return { kind: 'key', label, own: [text(row.key)] };
      case 'aiModel':
        return { kind: 'aiModel', label, own: row.keys.map(text) };
      case 'dataset': {
        const below = wholeTree(names, grouping, { most, exact }, row.folder);
        if (exact) assert.equal(row.tensors, below.length, label);
        return { kind: 'dataset', label, own: [text(row.metadata)], below };
      }
      case 'folder': {
        const below = wholeTree(names, grouping, { most, exact }, row.folder);
        if (exact) assert.equal(row.keys, below.flatMap(keysOf).length, label);
        return { kind: 'folder', label, own: [], below };
      }
    }
  });
}

export function allRows(
  names: SortedNames,
  grouping: KeyGrouping,
  most: number,
  folder: KeyFolder,
): KeyRow[] {
  const rows: KeyRow[] = [];
  let after: Uint8Array | undefined;
  do {
    const page = rowsOf(
      names,
      folder,
      { from: 0, most, ...(after === undefined ? {} : { after }) },
      grouping,
    );
    assert.ok(page.rows.length > 0 || rows.length === 0, 'a page after the last one');
    assert.ok(page.rows.length <= most);
    rows.push(...page.rows);
    after = page.next;
  } while (after !== undefined);
  return rows;
}

/** Every folder that is shown, the root first. */
export function foldersOf(
  names: SortedNames,
  grouping: KeyGrouping,
  folder: KeyFolder = { kind: 'root' },
): KeyFolder[] {
  const rows = allRows(names, grouping, 1000, folder);
  return [folder, ...rows.flatMap((row) => ('folder' in row ? foldersOf(names, grouping, row.folder) : []))];
}

/** What the product tells to be below a folder, page by page, each once, in the order of their bytes. */
export function allKeys(
  names: SortedNames,
  grouping: KeyGrouping,
  most: number,
  folder: KeyFolder,
): string[] {
  const keys: string[] = [];
  let page: readonly Uint8Array[];
  let after: Uint8Array | undefined;
  do {
    page = keysBelow(names, folder, grouping, most, after);
    keys.push(...page.map(text));
    after = page.at(-1);
  } while (page.length === most);
  return keys;
}

/** The same rows in the same order, whichever way they were found. */
export function inOrder(rows: readonly NaiveRow[]): NaiveRow[] {
  return rows
    .map((row) => ({
      ...row,
      own: [...row.own].sort(),
      ...(row.below === undefined ? {} : { below: inOrder(row.below) }),
    }))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
