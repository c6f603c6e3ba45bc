import type { Database } from '../database/database';
import type { Reply, Words } from '../redis/wire/reply';

/** One server that answers, as far as values need one. Both throw a RedisFailure. */
export interface Server {
  /** One command; throws its refusal too. */
  ask(...words: Words): Promise<Reply>;
  /** Several in one round trip, one right after the other; an answer may be a refusal. */
  askAll(commands: readonly Words[]): Promise<readonly Reply[]>;
}

/** Whoever has a key when it is asked: it may move between two questions. */
export function ownerOf(database: Database, key: Uint8Array): Server {
  return {
    ask: (...words) => database.askOwner(key, ...words),
    askAll: (commands) => database.askOwnerTogether(key, commands),
  };
}
