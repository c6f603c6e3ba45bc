import type { Database } from '../../database/database';
import type { KeyDetails } from '../details/keyDetails';
import { readDetails } from '../details/readDetails';

/** What is to be deleted: exactly these keys, whatever is written under other names meanwhile. */
export interface DeletionPlan {
  /** For people: the folder, or the key. */
  readonly folder: string;
  readonly keys: readonly Uint8Array[];
  readonly shards: readonly ShardDeletion[];
  /** Details of the first keys. */
  readonly sample: readonly KeyDetails[];
}

/** What is to be deleted of one shard. */
export interface ShardDeletion {
  readonly shard: string;
  readonly keys: readonly Uint8Array[];
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

/** The dry run: deletes nothing, and finds out what would go. Throws a RedisFailure where a slot has no shard. */
export async function planDeletion(
  database: Database,
  folder: string,
  keys: readonly Uint8Array[],
): Promise<DeletionPlan> {
  const byShard = new Map<string, Uint8Array[]>();
  for (const key of keys) {
    const { name } = database.shardOf(key);
    const mine = byShard.get(name);
    if (mine === undefined) byShard.set(name, [key]);
    else mine.push(key);
  }
  const shards = await Promise.all([...byShard].map(([shard, mine]) => planShard(database, shard, mine)));
  return { folder, keys, shards, sample: await readDetails(database, keys.slice(0, mostSample)) };
}

async function planShard(
  database: Database,
  shard: string,
  keys: readonly Uint8Array[],
): Promise<ShardDeletion> {
  const every = Math.max(1, Math.floor(keys.length / mostLooked));
  const chosen = keys.filter((_, at) => at % every === 0).slice(0, mostLooked);
  const details = await readDetails(database, chosen);
  const sized = details.flatMap(({ bytes }) => bytes ?? []);
  const sum = sized.reduce((all, bytes) => all + bytes, 0);
  const estimate = Math.round((sum / chosen.length) * keys.length);
  return { shard, keys, looked: chosen.length, ...(sized.length === 0 ? {} : { bytes: estimate }) };
}
