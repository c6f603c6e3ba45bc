import { compareBytes, compareStart, sharedLength } from '../names/compareBytes';
import { NameRange } from '../names/nameRange';
import type { SortedNames } from '../names/sortedNames';
import {
  datasetNameOf,
  datasetPrefixOf,
  deviceBaseOf,
  deviceBaseOfPrefix,
  devicePrefixOf,
  isDatasetPrefix,
  metadataKeyOf,
  nextBoundary,
  type KeyGrouping,
} from './keyGrammar';
import { deviceKeys } from './deviceKeys';
import type { KeyRow } from './keyRow';
import type { ShardNames } from './shardNames';
import type { WalkMark } from './walkMark';

/** A row, where the walk goes on behind it, and the names that are there. */
export interface WalkedRow {
  readonly row: KeyRow;
  readonly mark: WalkMark;
  readonly rest: NameRange;
}

/** Keys that are shown as one: a key, a dataset, or an AI model with its keys on devices. */
interface Unit {
  /** Names of it in the range. */
  readonly keys: number;
  readonly row: () => KeyRow;
}

/**
 * Goes through the names below a prefix and makes rows of them. It looks at the ends of each group, never at all names of it,
 * so that what a row costs does not depend on how much is below it.
 */
export class FolderWalk {
  private readonly all: NameRange;
  private readonly inDataset: boolean;
  /** Of the dataset whose tensors these are. */
  private readonly metadata: Uint8Array | undefined;

  constructor(
    private readonly names: SortedNames,
    private readonly prefix: Uint8Array,
    private readonly grouping: KeyGrouping,
    private readonly shards: ShardNames,
  ) {
    this.all = NameRange.all(names).below(prefix);
    this.inDataset = isDatasetPrefix(prefix);
    const metadata = this.inDataset ? metadataKeyOf(prefix) : undefined;
    this.metadata = metadata !== undefined && names.knows(metadata) ? metadata : undefined;
  }

  *rows(after?: WalkMark): Generator<WalkedRow> {
    let rest = after === undefined ? this.all : resumed(this.all, after);
    for (;;) {
      const name = rest.first?.slice();
      if (name === undefined) return;
      const passedBy = this.shards.passedBy(rest, name);
      if (passedBy !== undefined) {
        rest = passedBy;
      } else if (this.isOfParent(name)) {
        rest = rest.behindFirst;
      } else {
        const boundary = this.inDataset ? undefined : nextBoundary(name, this.prefix.length, this.grouping);
        if (boundary === undefined) {
          rest = rest.behindFirst;
          const row = this.lonelyRow(name, rest);
          if (row !== undefined) yield { row, mark: { kind: 'after', bytes: name }, rest };
        } else {
          const group = name.subarray(0, boundary.end);
          const before = rest;
          const { within, behind } = rest.parted(group);
          rest = behind;
          const model = this.modelBeside(group, within);
          if (model !== undefined && !(after?.kind === 'model' && compareBytes(after.bytes, group) === 0))
            yield { row: model, mark: { kind: 'model', bytes: group }, rest: before };
          const row = this.groupRow(group, within);
          if (row !== undefined) yield { row, mark: { kind: 'behind', bytes: group }, rest };
        }
      }
    }
  }

  /** Keys of all rows here and further below, behind a key; with the metadata of a dataset. */
  *keys(after: Uint8Array | undefined): Generator<Uint8Array> {
    let rest = after === undefined ? this.all : this.all.after(after);
    for (let name = rest.first; name !== undefined; name = rest.first) {
      const passedBy = this.shards.passedBy(rest, name);
      rest = passedBy ?? rest.behindFirst;
      if (passedBy === undefined && (this.inDataset || !this.isOfParent(name))) yield name;
    }
  }

  /** The AI model whose keys on devices lie below the group though it belongs beside it, unless its own key gave its row. */
  private modelBeside(group: Uint8Array, within: NameRange): KeyRow | undefined {
    const base = deviceBaseOfPrefix(group);
    if (base === undefined || base.length < this.prefix.length) return undefined;
    const devices = deviceKeys(within, base);
    // Its own key may lie far away.
    return devices.length === 0 || this.all.only(base).count > 0 ? undefined : this.modelRow(base, devices);
  }

  /** What the names of a group are that part at the same place. */
  private groupRow(group: Uint8Array, within: NameRange): KeyRow | undefined {
    const devices = devicesBelow(within, group);
    const others = within.count - countOf(devices, within);
    const [first, last] = endsWithout(within, devices);
    if (first === undefined || last === undefined) return undefined;
    const unit = this.unitOf(first, within);
    if (unit.keys === others) return unit.row();
    const prefix = this.longestShared(group, within, first, last);
    return {
      kind: 'folder',
      folder: { kind: 'prefix', prefix },
      label: prefix.slice(this.prefix.length),
      keys: others,
    };
  }

  /** The unit of the first of some names. */
  private unitOf(name: Uint8Array, within: NameRange): Unit {
    const dataset = datasetPrefixOf(name, this.grouping);
    if (dataset !== undefined) {
      const metadata = metadataKeyOf(dataset);
      if (this.names.knows(metadata)) {
        const below = within.below(dataset);
        return { keys: below.count, row: () => this.datasetRow(dataset.slice(), metadata, below) };
      }
      return { keys: within.only(name).count, row: () => this.keyRow(name) };
    }
    const base = deviceBaseOf(name) ?? name;
    const devices = devicesOf(within, base);
    const keys = [...within.only(base).names(), ...devices];
    return {
      keys: countOf(keys, within),
      row: () => (devices.length === 0 ? this.keyRow(name) : this.modelRow(base, keys)),
    };
  }

  /** The longest prefix with which all names of a group begin and which ends at a boundary. */
  private longestShared(
    group: Uint8Array,
    within: NameRange,
    first: Uint8Array,
    last: Uint8Array,
  ): Uint8Array {
    const shared = sharedLength(first, last);
    let longest = group;
    while (!isDatasetPrefix(longest)) {
      const boundary = nextBoundary(first, longest.length, this.grouping);
      if (boundary === undefined || boundary.end > shared) break;
      const longer = first.subarray(0, boundary.end);
      // An AI model of the group whose keys lie in there is a row beside it.
      const base = deviceBaseOfPrefix(longer);
      if (base !== undefined && base.length >= group.length && deviceKeys(within, base).length > 0) break;
      longest = longer;
    }
    return longest.slice();
  }

  /** The row of a name that parts from its neighbours nowhere, with the names behind it. */
  private lonelyRow(name: Uint8Array, rest: NameRange): KeyRow | undefined {
    if (this.inDataset) return this.keyRow(name);
    const base = deviceBaseOf(name);
    if (base === undefined) {
      const next = rest.first;
      const devices = next !== undefined && compareStart(next, name) === 0 ? devicesOf(rest, name) : [];
      return devices.length === 0 ? this.keyRow(name) : this.modelRow(name, [name, ...devices]);
    }
    const devices = devicesOf(this.all, base);
    const [first] = devices;
    const isFirst = first !== undefined && compareBytes(first, name) === 0;
    return isFirst && this.all.only(base).count === 0 ? this.modelRow(base, devices) : undefined;
  }

  /** Keys on devices of `name` belong beside the folder `name.`, and the metadata beside the tensors. */
  private isOfParent(name: Uint8Array): boolean {
    if (this.metadata !== undefined) return compareBytes(name, this.metadata) === 0;
    if (this.inDataset) return false;
    const base = deviceBaseOf(name);
    return base !== undefined && base.length < this.prefix.length;
  }

  private keyRow(name: Uint8Array): KeyRow {
    const key = name.slice();
    // Shares its bytes: a name of a mebibyte is not copied twice, nor sent twice to another thread.
    return { kind: 'key', key, label: key.subarray(this.prefix.length) };
  }

  private modelRow(name: Uint8Array, keys: readonly Uint8Array[]): KeyRow {
    return {
      kind: 'aiModel',
      name: name.slice(),
      label: name.slice(this.prefix.length),
      keys: keys.map((key) => key.slice()),
    };
  }

  private datasetRow(prefix: Uint8Array, metadata: Uint8Array, below: NameRange): KeyRow {
    return {
      kind: 'dataset',
      folder: { kind: 'dataset', prefix },
      label: prefix.slice(this.prefix.length, -1),
      name: datasetNameOf(prefix),
      metadata,
      tensors: below.count - below.only(metadata).count - this.shards.modelsAmong(prefix, below),
    };
  }
}

function resumed(all: NameRange, { kind, bytes }: WalkMark): NameRange {
  switch (kind) {
    case 'special':
      return all;
    case 'after':
      return all.after(bytes);
    case 'behind':
      return all.behind(bytes);
    case 'model':
      return all.since(bytes);
  }
}

/** The keys of an AI model on devices; what looks so behind braces is a dataset's. */
function devicesOf(within: NameRange, base: Uint8Array): Uint8Array[] {
  return devicesBelow(within, devicePrefixOf(base));
}

/** The keys on devices which lie below a prefix though they belong beside it. */
function devicesBelow(within: NameRange, prefix: Uint8Array): Uint8Array[] {
  const base = deviceBaseOfPrefix(prefix);
  return base === undefined ? [] : deviceKeys(within, base);
}

function countOf(keys: readonly Uint8Array[], within: NameRange): number {
  return keys.reduce((sum, key) => sum + within.only(key).count, 0);
}

/** The first and the last name that is none of those keys. */
function endsWithout(
  within: NameRange,
  without: readonly Uint8Array[],
): readonly [Uint8Array | undefined, Uint8Array | undefined] {
  const isOne = (name: Uint8Array): boolean => without.some((key) => compareBytes(key, name) === 0);
  let range = within;
  let first = range.first;
  while (first !== undefined && isOne(first)) {
    range = range.behindFirst;
    first = range.first;
  }
  let last = range.last;
  while (last !== undefined && isOne(last)) {
    range = range.before(last);
    last = range.last;
  }
  return [first?.slice(), last?.slice()];
}
