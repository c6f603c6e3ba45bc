import { utf8 } from '../../base/bytes';
import type { Database } from '../../database/database';
import type { DatabaseShard } from '../../database/databaseShard';
import { UnexpectedReply } from '../../redis/redisFailure';
import type { Reply, Word } from '../../redis/wire/reply';

/** Which keys are wanted. The server filters them, so that others are not sent. */
export interface ScanFilter {
  /** A pattern as Redis understands it. */
  readonly match?: Uint8Array;
  /** Redis' name of a type. */
  readonly type?: string;
}

/** More gains nothing and holds the server longer. */
const mostPerPage = 1000;

/**
 * Names of one shard, page by page. Each that was there throughout comes at least once; names may come again. Throws a
 * RedisFailure.
 */
export async function* scanShard(
  database: Database,
  shard: DatabaseShard,
  { match, type }: ScanFilter,
): AsyncGenerator<readonly Uint8Array[]> {
  const filter: readonly Word[] = [
    ...(match === undefined ? [] : ['MATCH', match]),
    ...(type === undefined ? [] : ['TYPE', type]),
  ];
  // Stays bytes: a cursor has 64 bits.
  let cursor: Uint8Array = utf8('0');
  do {
    const connection = await database.connection(shard);
    const reply = await connection.ask('SCAN', cursor, ...filter, 'COUNT', String(mostPerPage));
    const [next, names] = Array.isArray(reply) ? (reply as readonly Reply[]) : [];
    if (!(next instanceof Uint8Array) || !Array.isArray(names))
      throw new UnexpectedReply('SCAN gave no page');
    yield names.filter((name): name is Uint8Array => name instanceof Uint8Array);
    cursor = next;
  } while (!(cursor.length === 1 && cursor[0] === 0x30));
}
