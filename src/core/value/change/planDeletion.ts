import { setImmediate } from 'node:timers/promises';
import type { Database } from '../../database/database';
import type { KeyDetails } from '../details/keyDetails';
import { readDetails } from '../details/readDetails';
import { batchesOf, KeysAt, type KeyList } from './keyList';

/** What is to be deleted: exactly these keys, whatever is written under other names meanwhile. */
export interface DeletionPlan {
  /** For people: the folder, or the key. */
  readonly folder: string;
  readonly keys: KeyList;
  readonly shards: readonly ShardDeletion[];
  /** Details of the first keys. */
  readonly sample: readonly KeyDetails[];
}

/** What is to be deleted of one shard. */
export interface ShardDeletion {
  readonly shard: string;
  readonly keys: KeyList;
  /**
   * Bytes of tensors and strings, estimated from `looked` of the keys where those are fewer. Absent where none of these has
   * a size that a server tells cheaply.
   */
  readonly bytes?: number;
  readonly looked: number;
}

/** Keys of a shard that are looked at. */
const mostLooked = 200;
const mostSample = 10;

/** Keys whose shards are looked up without a pause. */
const mostLookedUp = 10_000;

/**
 * The dry run: deletes nothing, and finds out what would go. `onBytes` is told what is known so far. Throws a RedisFailure where a
 * slot has no shard, and the signal's reason when it is stopped.
 */
export async function planDeletion(
  database: Database,
  folder: string,
  keys: KeyList,
  { signal, onBytes }: { readonly signal?: AbortSignal; readonly onBytes?: (bytes: number) => void } = {},
): Promise<DeletionPlan> {
  const places = await placesByShard(database, keys, signal);
  let known = 0;
  const shards = await Promise.all(
    [...places].map(async ([name, mine]) => {
      const shard = await planShard(database, name, new KeysAt(keys, mine));
      known += shard.bytes ?? 0;
      onBytes?.(known);
      return shard;
    }),
  );
  signal?.throwIfAborted();
  const [first = []] = batchesOf(keys, mostSample);
  return { folder, keys, shards, sample: await readDetails(database, first) };
}

async function placesByShard(
  database: Database,
  keys: KeyList,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const byShard = new Map<string, number[]>();
  let place = 0;
  for (const some of batchesOf(keys, mostLookedUp)) {
    for (const key of some) {
      const { name } = database.shardOf(key);
      const mine = byShard.get(name);
      if (mine === undefined) byShard.set(name, [place]);
      else mine.push(place);
      place += 1;
    }
    await setImmediate();
    signal?.throwIfAborted();
  }
  return byShard;
}

async function planShard(database: Database, shard: string, keys: KeyList): Promise<ShardDeletion> {
  const every = Math.max(1, Math.floor(keys.length / mostLooked));
  const length = Math.min(mostLooked, keys.length);
  const chosen = Array.from({ length }, (_, at) => keys.at(at * every)).flatMap((key) => key ?? []);
  const details = await readDetails(database, chosen);
  const sized = details.flatMap(({ bytes }) => bytes ?? []);
  const sum = sized.reduce((all, bytes) => all + bytes, 0);
  const estimate = Math.round((sum / chosen.length) * keys.length);
  return { shard, keys, looked: chosen.length, ...(sized.length === 0 ? {} : { bytes: estimate }) };
}
