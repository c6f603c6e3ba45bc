import { setImmediate } from 'node:timers/promises';
import { KeyNames } from '../keyspace/names/keyNames';
import type { KeyFolder } from '../keyspace/tree/keyRow';
import type { ChangeOptions, KeyList } from '../value/change/keyList';
import type { KeyChoice } from './inspector';

/** Keys below a folder that are known, in the order of their bytes: `most` at most, behind `after`. */
export type KeysBelow = (folder: KeyFolder, most: number, after?: Uint8Array) => readonly Uint8Array[];

/** Keys that are gone through, and milliseconds that they are put in order, without a pause: rows are asked for meanwhile. */
const mostAtOnce = 2000;
const workMs = 8;

/** Keys of a choice, each once, in the order of their bytes. They take some fifty bytes each, and stay what they are. */
export class GatheredKeys implements KeyList {
  constructor(private readonly names: KeyNames) {}

  get length(): number {
    return this.names.count;
  }

  /** There was room for all of them. */
  get complete(): boolean {
    return !this.names.full;
  }

  at(place: number): Uint8Array | undefined {
    return place < this.length ? this.names.nameAt(place) : undefined;
  }
}

/** Finds out which keys a choice is about, some at a time. Throws the reason of the signal when it is stopped. */
export async function gatherKeys(
  { keys, folders }: KeyChoice,
  below: KeysBelow,
  { signal, onProgress }: ChangeOptions,
): Promise<GatheredKeys> {
  const names = new KeyNames();
  for (const key of keys) names.add(key);
  for (const folder of folders) {
    let last: Uint8Array | undefined;
    do {
      const some = below(folder, mostAtOnce, last);
      for (const key of some) names.add(key);
      onProgress?.(names.count);
      last = some.length < mostAtOnce ? undefined : some.at(-1);
      names.tidySome(workMs);
      await setImmediate();
      signal?.throwIfAborted();
    } while (last !== undefined);
  }
  while (!names.settleSome(workMs)) {
    await setImmediate();
    signal?.throwIfAborted();
  }
  return new GatheredKeys(names);
}
