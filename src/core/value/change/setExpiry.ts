import { failure, success, type Result } from '../../base/result';
import type { Database } from '../../database/database';
import { RedisFailure } from '../../redis/redisFailure';
import type { Words } from '../../redis/wire/reply';
import { refusedProblem } from '../unanswered';
import { lockedProblem } from './mayChange';

/**
 * Has keys expire in so many milliseconds from now, or never (`null`): of a dataset, all of its keys are to be given. Gives how
 * many of them were there. Keys before one that is refused keep what they were given.
 */
export async function setExpiry(
  database: Database,
  keys: readonly Uint8Array[],
  inMs: number | null,
): Promise<Result<number>> {
  const command = inMs === null ? 'PERSIST' : 'PEXPIRE';
  const locked = lockedProblem(database, command);
  if (locked !== undefined) return failure(locked);
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
    if (set instanceof RedisFailure) return failure(refusedProblem(key, set, command));
    if (set === 1 || exists === 1) there += 1;
  }
  return success(there);
}
