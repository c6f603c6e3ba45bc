import { Deferred } from '../../base/deferred';
import { RedisFailure, RedisRefusal } from '../../redis/redisFailure';
import type { LaunchContext } from '../launchContext';
import type { Question } from '../shardConnection';

/** How a shard is asked, with a limit for its answer. Rejects with a RedisFailure. */
export type ShardAccess = <T>(shard: string, question: Question<T>) => Promise<T>;

/** Milliseconds for one answer: so long a silent shard holds up the others. */
const answerLimit = 1000;

/** Over the held connections of a launch. */
export function accessIn({ connections }: LaunchContext): ShardAccess {
  return async (shard, question) => {
    const held = connections.get(shard);
    if (held === undefined) throw new RedisFailure(`${shard} has never answered`);
    return held.ask(question, answerLimit);
  };
}

/** The answer of a shard; undefined: it refused, or could not be reached. */
export async function answerOf<T>(
  access: ShardAccess,
  shard: string,
  question: Question<T>,
): Promise<T | undefined> {
  try {
    return await access(shard, question);
  } catch (error) {
    if (error instanceof RedisFailure) return undefined;
    throw error;
  }
}

/** The same access; once the signal is aborted it asks nothing any more, and waits for no answer. */
export function accessUntil(signal: AbortSignal, access: ShardAccess): ShardAccess {
  const givenUp = new Deferred<never>();
  const giveUp = (): void => {
    givenUp.reject(new RedisFailure('given up'));
  };
  givenUp.promise.catch(() => undefined);
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  return (shard, question) =>
    signal.aborted ? givenUp.promise : Promise.race([access(shard, question), givenUp.promise]);
}

/** The same access for one round of questions: a shard that has once not answered is not waited for again. */
export function accessOfRound(access: ShardAccess): ShardAccess {
  const silent = new Map<string, RedisFailure>();
  return async (shard, question) => {
    const failure = silent.get(shard);
    if (failure !== undefined) throw failure;
    try {
      return await access(shard, question);
    } catch (error) {
      if (error instanceof RedisFailure && !(error instanceof RedisRefusal)) silent.set(shard, error);
      throw error;
    }
  };
}
