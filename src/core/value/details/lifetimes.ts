import type { Database, KeyQuestion } from '../../database/database';
import type { DatabaseShard } from '../../database/databaseShard';
import { RedisFailure } from '../../redis/redisFailure';
import { parseInfo } from '../../redis/redisReplies';
import type { Ask } from './readDetails';

/** For fewer keys the question costs more than its answer saves. */
const manyKeys = 20;
/** What PTTL says of a key that does not expire. */
const neverExpires = -1;

/**
 * Asks the owners of so many keys of one shard; not how long each of them lives, where no key of the shard expires. That is a
 * third of all questions about a page of keys, and few databases of simulations have keys that expire.
 */
export function askingOwners(database: Database, shard: DatabaseShard | undefined, keys: number): Ask {
  if (shard === undefined || keys < manyKeys) return (questions) => database.askOwners(questions);
  const knowledge = noneExpires(database, shard);
  return async (questions) => {
    if (!questions.some(isLifetime) || !(await knowledge)) return database.askOwners(questions);
    // What the shard says of its keys is not true of one that has just left it.
    const left = new Set<Uint8Array>();
    const others = questions.filter((question) => !isLifetime(question));
    const replies = (await database.askOwners(others, (key) => left.add(key))).values();
    const late = questions.filter((question) => isLifetime(question) && left.has(question.key));
    const lateReplies = (await database.askOwners(late)).values();
    return questions.map((question) => {
      if (isLifetime(question) && !left.has(question.key)) return neverExpires;
      return (isLifetime(question) ? lateReplies : replies).next().value ?? null;
    });
  };
}

function isLifetime({ words: [command] }: KeyQuestion): boolean {
  return command === 'PTTL';
}

/** Whether a shard says so, of all of its databases. Where it does not tell, its keys have to be asked. */
async function noneExpires(database: Database, shard: DatabaseShard): Promise<boolean> {
  try {
    const reply = await (await database.connection(shard)).ask('INFO', 'keyspace');
    if (!(reply instanceof Uint8Array)) return false;
    const counts = [...parseInfo(Buffer.from(reply).toString('latin1'))].filter(([name]) =>
      /^db\d+$/.test(name),
    );
    return counts.length > 0 && counts.every(([, count]) => /(?:^|,)expires=0(?:,|$)/.test(count));
  } catch (error) {
    if (!(error instanceof RedisFailure)) throw error;
    return false;
  }
}
