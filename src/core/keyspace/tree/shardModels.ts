import { compareBytes, compareStart } from '../names/compareBytes';
import { gallop } from '../names/gallop';
import { placesBelow } from '../names/nameRange';
import type { NameRun } from '../names/sortedNames';
import { isLeftover } from './keyGrammar';

/** What a run has below the prefix of a shard: AI models, one name after the other without the prefix, and leftovers. */
export interface ShardModels {
  readonly models: NameRun;
  /** How many. */
  readonly leftovers: number;
}

interface Parted {
  /** A run only ever loses names: while it has so many, they are the same ones. */
  readonly count: number;
  readonly byPrefix: Map<string, ShardModels>;
}

const parted = new WeakMap<NameRun, Parted>();

/** Tells models from leftovers, of which there may be many, by looking at each name of a run once, however often it is asked. */
export function shardModels(run: NameRun, prefix: Uint8Array): ShardModels {
  let known = parted.get(run);
  if (known?.count !== run.count) {
    known = { count: run.count, byPrefix: new Map() };
    parted.set(run, known);
  }
  const key = Buffer.from(prefix).toString('latin1');
  const found = known.byPrefix.get(key) ?? part(run, prefix);
  known.byPrefix.set(key, found);
  return found;
}

function part(run: NameRun, prefix: Uint8Array): ShardModels {
  const [from, to] = placesBelow(run, prefix);
  const places: number[] = [];
  for (let place = from; place < to; place++)
    if (!isLeftover(run.nameAt(place).subarray(prefix.length))) places.push(place);
  return { models: namesAt(run, places, prefix), leftovers: to - from - places.length };
}

function namesAt(run: NameRun, places: readonly number[], prefix: Uint8Array): NameRun {
  const placeOf = (at: number): number => places[at] ?? run.count;
  const nameAt = (at: number): Uint8Array => run.nameAt(placeOf(at)).subarray(prefix.length);
  return {
    count: places.length,
    nameAt,
    compare: (at, bytes) => compareBytes(nameAt(at), bytes),
    compareStart: (at, start) => compareStart(nameAt(at), start),
    endOfShared: (at, end, length) => {
      const behind = run.endOfShared(placeOf(at), placeOf(end - 1) + 1, prefix.length + length);
      return gallop(at, end, (other) => placeOf(other) < behind);
    },
  };
}
