import { NameRange } from '../names/nameRange';
import type { SortedNames } from '../names/sortedNames';
import { FolderWalk } from './folderWalk';
import { isLeftover, type KeyGrouping } from './keyGrammar';
import type { KeyFolder } from './keyRow';
import { ShardNames } from './shardNames';

/**
 * Keys of all rows below a folder, in the order of their bytes: `most` at most, behind `after`. Of a dataset its metadata too. They
 * are copies: names may change before the next ones are asked for.
 */
export function keysBelow(
  names: SortedNames,
  folder: KeyFolder,
  grouping: KeyGrouping,
  most: number,
  after?: Uint8Array,
): readonly Uint8Array[] {
  const keys: Uint8Array[] = [];
  for (const key of walk(names, folder, grouping, after)) {
    if (keys.length === most) break;
    keys.push(key.slice());
  }
  return keys;
}

function walk(
  names: SortedNames,
  folder: KeyFolder,
  grouping: KeyGrouping,
  after: Uint8Array | undefined,
): Iterable<Uint8Array> {
  const shards = new ShardNames(names, grouping.shardPrefixes);
  const all = NameRange.all(names);
  switch (folder.kind) {
    case 'root':
      return (after === undefined ? all : all.after(after)).names();
    case 'prefix':
    case 'dataset':
      return new FolderWalk(names, folder.prefix, grouping, shards).keys(after);
    case 'aiModels':
      return filtered(shards.keys(after), (key) => !isLeftover(key));
    case 'leftovers':
      return filtered(shards.keys(after), isLeftover);
  }
}

function* filtered(keys: Iterable<Uint8Array>, wanted: (key: Uint8Array) => boolean): Generator<Uint8Array> {
  for (const key of keys) if (wanted(key)) yield key;
}
