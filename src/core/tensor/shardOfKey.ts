import { problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import { displayKey } from '../redis/displayKey';
import { slotOfKey } from '../redis/keySlot';
import { RedisConnection, type RedisAddress } from '../redis/redisConnection';
import { RedisFailure, RedisRefusal } from '../redis/redisFailure';
import { isTooLarge } from './readTensor';

/** What is known of an orchestrator that holds data. */
export interface DataPlace {
  readonly id: string;
  readonly clustered: boolean;
  readonly shards: readonly DataShard[];
}

export interface DataShard extends RedisAddress {
  readonly name: string;
  /** Inclusive ranges; of a cluster. */
  readonly slots: readonly (readonly [from: number, to: number])[];
}

/** Milliseconds for one reply: a tensor of several GiB takes seconds. */
export const replyLimit = 60_000;

/**
 * Asks the shard to which a key belongs. Where the cluster has changed since it was looked at, that shard names
 * another, which is asked instead. An aborted `signal` ends the wait for a shard, also for one that does not answer; its
 * reason is thrown.
 */
export async function askShardOf<T>(
  key: Uint8Array,
  place: DataPlace,
  ask: (connection: RedisConnection, shard: DataShard) => Promise<T>,
  signal: AbortSignal,
): Promise<Result<{ readonly value: T; readonly shard: DataShard }>> {
  let shard = shardOf(key, place);
  if (shard === undefined)
    return failure(problem('slot-without-shard', { orchestrator: place.id, slot: slotOfKey(key) }));
  for (let moved = false; ; moved = true) {
    try {
      const connection = await RedisConnection.open(shard, replyLimit, { signal });
      const giveUp = (): void => {
        connection.dispose();
      };
      signal.addEventListener('abort', giveUp, { once: true });
      try {
        return success({ value: await ask(connection, shard), shard });
      } finally {
        signal.removeEventListener('abort', giveUp);
        connection.dispose();
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof RedisFailure)) throw error;
      const other = moved ? undefined : namedInstead(error, place);
      if (other === undefined) return failure(dataProblem(error, key, place, shard));
      shard = other;
    }
  }
}

function shardOf(key: Uint8Array, { clustered, shards }: DataPlace): DataShard | undefined {
  if (!clustered) return shards[0];
  const slot = slotOfKey(key);
  return shards.find(({ slots }) => slots.some(([from, to]) => from <= slot && slot <= to));
}

/** `MOVED 3999 127.0.0.1:6381` */
function namedInstead(error: RedisFailure, { shards }: DataPlace): DataShard | undefined {
  const port = Number(/^MOVED \d+ .*:(\d+)$/.exec(error.message)?.[1]);
  return shards.find((shard) => shard.port === port);
}

function dataProblem(
  error: RedisFailure,
  key: Uint8Array,
  { id: orchestrator }: DataPlace,
  { name: shard, host, port }: DataShard,
): ReturnType<typeof problem> {
  const { message } = error;
  if (!(error instanceof RedisRefusal))
    return problem('data-unreachable', { shard, address: `${host}:${port}`, reason: message });
  const name = displayKey(key);
  if (message.startsWith('ERR tensor key is empty'))
    return problem('tensor-missing', { key: name, orchestrator });
  if (message.startsWith('WRONGTYPE')) return problem('tensor-of-other-kind', { key: name });
  if (isTooLarge(error)) return problem('slice-too-large', { key: name });
  if (/^(ASK|TRYAGAIN) /.test(message)) return problem('slot-moving', { key: name, orchestrator, shard });
  if (message.startsWith('ERR unknown command')) return problem('tensors-not-served', { orchestrator });
  return problem('data-refused', { shard, reply: message });
}
