import { failure, success, type Result } from '../../base/result';
import type { Database } from '../../database/database';
import { RedisFailure } from '../../redis/redisFailure';
import type { Words } from '../../redis/wire/reply';
import { refusedProblem } from '../unanswered';
import { batchesOf, restAfterBatch, type ChangeOptions, type KeyList } from './keyList';
import { lockedProblem } from './mayChange';

/**
 * Has keys expire in so many milliseconds from now, or never (`null`): of a dataset, all of its keys are to be given. Gives how
 * many of them were there. Keys go in batches, with pauses; those before one that is refused, or before a stop, keep what they
 * were given.
 */
export async function setExpiry(
  database: Database,
  keys: KeyList,
  inMs: number | null,
  { signal, onProgress }: ChangeOptions = {},
): Promise<Result<number>> {
  const command = inMs === null ? 'PERSIST' : 'PEXPIRE';
  const locked = lockedProblem(database, command);
  if (locked !== undefined) return failure(locked);
  let there = 0;
  let done = 0;
  let took = 0;
  for (const batch of batchesOf(keys)) {
    if (took > 0) await restAfterBatch(took, signal);
    if (signal?.aborted === true) break;
    const began = performance.now();
    const set = await setSome(database, batch, inMs);
    if (!set.ok) return set;
    there += set.value;
    done += batch.length;
    onProgress?.(done);
    took = performance.now() - began;
  }
  return success(there);
}

async function setSome(
  database: Database,
  keys: readonly Uint8Array[],
  inMs: number | null,
): Promise<Result<number>> {
  const answers = await database.askOwners(
    keys.flatMap((key) => {
      const words: Words =
        inMs === null ? ['PERSIST', key] : ['PEXPIRE', key, String(Math.max(1, Math.round(inMs)))];
      // PERSIST answers alike for a key that does not expire and for none.
      return [
        { key, words },
        { key, words: ['EXISTS', key] },
      ];
    }),
  );
  let there = 0;
  for (const [at, key] of keys.entries()) {
    const [set, exists] = [answers[2 * at], answers[2 * at + 1]];
    if (set instanceof RedisFailure)
      return failure(refusedProblem(key, set, inMs === null ? 'PERSIST' : 'PEXPIRE'));
    if (set === 1 || exists === 1) there += 1;
  }
  return success(there);
}
