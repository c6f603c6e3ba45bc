import { problem, type Problem } from '../base/problem';
import type { RedisConnection } from '../redis/redisConnection';
import { sendStreamed, type StreamedWord } from '../redis/streamedCommand';
import { replyLimit, type DataShard } from './shardOfKey';
import type { TensorType } from './tensorType';

/** A tensor that is to be written; `chunks` as a server takes them: row by row, little-endian, each STRING with a NUL behind it. */
export interface NewTensor extends StreamedWord {
  readonly type: TensorType;
  readonly shape: readonly number[];
}

/**
 * Writes a tensor, of which little is in memory at a time. `connection` leads to `shard`, which is asked first whether it
 * takes the key and so much: it would answer a value over its limit by hanging up. Throws a RedisFailure, and what
 * `chunks` throws.
 */
export async function writeTensor(
  connection: RedisConnection,
  shard: DataShard,
  key: Uint8Array,
  tensor: NewTensor,
  signal: AbortSignal,
): Promise<Problem | undefined> {
  await connection.commandForBytes('EXISTS', key);
  const reply = await connection.command('CONFIG', 'GET', 'proto-max-bulk-len');
  const limit = Array.isArray(reply) ? Number(reply[1]) : Infinity;
  const { type, shape, bytes } = tensor;
  if (bytes >= limit) return problem('tensor-too-large', { bytes, shard: shard.name, limit });
  const words = ['AI.TENSORSET', key, type, ...shape.map(String), 'BLOB'];
  await sendStreamed(shard, words, tensor, { limit: replyLimit, signal });
  return undefined;
}
