import type { Database, KeyQuestion } from '../../database/database';
import type { DatabaseShard } from '../../database/databaseShard';
import { RedisFailure } from '../../redis/redisFailure';
import type { Reply } from '../../redis/wire/reply';
import { Draft } from './draft';
import type { KeyDetails } from './keyDetails';
import { askingOwners } from './lifetimes';

/** Keys that are asked about in one round trip. */
const mostAtOnce = 500;

/**
 * What keys hold, in the order of `keys`: their values are not read, and one fact that is refused leaves the others. Two round
 * trips to each shard for up to some hundred keys, a third where they are lists. What a shard that fails could not tell
 * is `unknown`, with its words.
 */
export async function readDetails(
  database: Database,
  keys: readonly Uint8Array[],
): Promise<readonly KeyDetails[]> {
  const found = new Map<Uint8Array, KeyDetails>();
  await Promise.all(
    [...byShard(database, keys)].map(async ([shard, group]) => {
      for (let at = 0; at < group.length; at += mostAtOnce) {
        const page = group.slice(at, at + mostAtOnce);
        for (const details of await detailsBy(askingOwners(database, shard, page.length), page))
          found.set(details.key, details);
      }
    }),
  );
  return keys.map((key) => found.get(key) ?? { key, kind: 'unknown', missing: [] });
}

/** A shard that is slow holds the others up in no way. */
function byShard(
  database: Database,
  keys: readonly Uint8Array[],
): ReadonlyMap<DatabaseShard | undefined, readonly Uint8Array[]> {
  const groups = new Map<DatabaseShard | undefined, Uint8Array[]>();
  for (const key of keys) {
    const shard = ownerOf(database, key);
    const group = groups.get(shard);
    if (group === undefined) groups.set(shard, [key]);
    else group.push(key);
  }
  return groups;
}

function ownerOf(database: Database, key: Uint8Array): DatabaseShard | undefined {
  try {
    return database.shardOf(key);
  } catch (error) {
    if (!(error instanceof RedisFailure)) throw error;
    return undefined;
  }
}

/** Asks about keys in one round trip; an answer may be what went wrong. */
export type Ask = (questions: readonly KeyQuestion[]) => Promise<readonly (Reply | RedisFailure)[]>;

/** How often a key is looked at whose kind changes meanwhile. */
const attempts = 3;

/** What keys hold that are asked about together. Throws what `ask` throws. */
export async function detailsBy(ask: Ask, keys: readonly Uint8Array[]): Promise<readonly KeyDetails[]> {
  let drafts = await readOnce(ask, keys);
  for (let attempt = 1; attempt < attempts && drafts.some(({ changed }) => changed); attempt += 1) {
    const again = await readOnce(
      ask,
      drafts.filter(({ changed }) => changed).map(({ key }) => key),
    );
    drafts = drafts.map((draft) => again.find(({ key }) => key === draft.key) ?? draft);
  }
  return drafts.map((draft) => draft.finished());
}

async function readOnce(ask: Ask, keys: readonly Uint8Array[]): Promise<readonly Draft[]> {
  const drafts = keys.map((key) => new Draft(key));
  for (let open = drafts; open.length > 0; open = open.filter(({ questions }) => questions.length > 0)) {
    const asked: KeyQuestion[] = [];
    for (const { key, questions } of open)
      for (const { words } of questions) asked.push({ key, words: words(key) });
    const replies = await ask(asked);
    let at = 0;
    for (const draft of open) {
      const from = at;
      at += draft.questions.length;
      draft.take(replies, from);
    }
  }
  return drafts;
}
