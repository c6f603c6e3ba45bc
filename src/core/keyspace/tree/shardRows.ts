import { NameRange } from '../names/nameRange';
import { deviceKeys } from './deviceKeys';
import type { WalkedRow } from './folderWalk';
import { deviceBaseOf } from './keyGrammar';
import type { KeyRow } from './keyRow';
import type { ShardNames } from './shardNames';
import type { WalkMark } from './walkMark';

/** AI models and scripts of a cluster, each once, with its keys on all shards and devices. */
export function* modelRows(shards: ShardNames, after?: WalkMark): Generator<WalkedRow> {
  const all = NameRange.all(shards.models);
  let rest = after === undefined ? all : all.after(after.bytes);
  for (let name = rest.first; name !== undefined; name = rest.first) {
    rest = rest.behindFirst;
    const base = deviceBaseOf(name) ?? name;
    const names = [...all.only(base).names(), ...deviceKeys(all, base)];
    // The first of them stands for all.
    if (names[0]?.length !== name.length) continue;
    const row: KeyRow = {
      kind: 'aiModel',
      name: base.slice(),
      label: base.slice(),
      keys: names.flatMap((each) => shards.keysOf(each)),
    };
    yield { row, mark: { kind: 'after', bytes: name.slice() }, rest };
  }
}

/** What runs of models have left on the shards of a cluster. */
export function* leftoverRows(shards: ShardNames, after?: WalkMark): Generator<WalkedRow> {
  for (const [found, rest, label] of shards.leftovers(after?.bytes)) {
    const key = found.slice();
    yield { row: { kind: 'key', key, label: label.slice() }, mark: { kind: 'after', bytes: key }, rest };
  }
}
