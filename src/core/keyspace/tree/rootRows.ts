import { NameRange } from '../names/nameRange';
import type { SortedNames } from '../names/sortedNames';
import { FolderWalk, type WalkedRow } from './folderWalk';
import type { KeyGrouping } from './keyGrammar';
import type { ShardNames } from './shardNames';
import type { WalkMark } from './walkMark';

/** Rows of all names: what lies on every shard apart, before the others. */
export function* rootRows(
  names: SortedNames,
  grouping: KeyGrouping,
  shards: ShardNames,
  after?: WalkMark,
): Generator<WalkedRow> {
  const given = after === undefined ? 0 : after.kind === 'special' ? (after.bytes[0] ?? 0) : 2;
  const { models, leftovers } = given < 2 ? shards.count() : { models: 0, leftovers: 0 };
  const label = new Uint8Array();
  const rest = NameRange.all(names);
  if (given < 1 && models > 0)
    yield {
      row: { kind: 'folder', folder: { kind: 'aiModels' }, label, keys: models },
      mark: { kind: 'special', bytes: Uint8Array.of(1) },
      rest,
    };
  if (given < 2 && leftovers > 0)
    yield {
      row: { kind: 'folder', folder: { kind: 'leftovers' }, label, keys: leftovers },
      mark: { kind: 'special', bytes: Uint8Array.of(2) },
      rest,
    };
  yield* new FolderWalk(names, new Uint8Array(), grouping, shards).rows(after);
}
