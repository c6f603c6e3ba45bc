import { slotOfKey } from '../redis/keySlot';
import { type RedisFailure, RedisRefusal } from '../redis/redisFailure';
import type { Endpoint } from '../redis/wire/endpoint';
import type { Reply, Words } from '../redis/wire/reply';
import type { WireConnection } from '../redis/wire/wireConnection';
import { WireFailure } from '../redis/wire/wireFailure';
import { isLooking } from './allowedCommands';
import { asFailure, ignoreFailure } from './databaseFailure';
import type { DatabaseShard } from './databaseShard';
import { redirectionOf } from './redirection';

/** A question about a key. */
export interface KeyQuestion {
  readonly key: Uint8Array;
  readonly words: Words;
}

/** Who leads questions to those who answer. All throw a RedisFailure. */
export interface QuestionRouter {
  ownerOf(key: Uint8Array): DatabaseShard | undefined;
  connectionTo(endpoint: Endpoint): Promise<WireConnection>;
  /** Looks anew who owns what. */
  refresh(): Promise<void>;
}

/** Of one question through a cluster that changes. */
const mostRedirections = 5;

/** Asks the owner of a key, also where the key has just moved. Throws a RedisFailure. */
export async function askOwner(router: QuestionRouter, { key, words }: KeyQuestion): Promise<Reply> {
  let endpoint: Endpoint | undefined;
  let asking = false;
  for (let attempts = 0; ; attempts += 1) {
    endpoint ??= servedBy(router, key).endpoint;
    try {
      const connection = await router.connectionTo(endpoint);
      const replies = await connection.askAll(asking ? [['ASKING'], words] : [words]);
      const reply = replies.at(-1) ?? null;
      if (!(reply instanceof RedisRefusal)) return reply;
      const redirection = redirectionOf(reply, endpoint);
      if (redirection === undefined || attempts === mostRedirections) throw reply;
      asking = redirection.kind === 'ask';
      endpoint = redirection.endpoint;
      // Where the one who was asked knows better than the others, its word is followed in any case.
      if (!asking) await router.refresh().catch(ignoreFailure);
    } catch (error) {
      if (attempts > 0 || !mayBeAskedAgain(error, words)) throw error;
      await router.refresh().catch(ignoreFailure);
      endpoint = undefined;
    }
  }
}

/**
 * Asks about many keys, each shard once; answers in the order of the questions. One that has no answer has what went wrong in
 * its place.
 */
export async function askOwners(
  router: QuestionRouter,
  questions: readonly KeyQuestion[],
): Promise<readonly (Reply | RedisFailure)[]> {
  const answers = new Array<Reply | RedisFailure>(questions.length).fill(null);
  const places = new Map<DatabaseShard, number[]>();
  for (const [place, { key }] of questions.entries()) {
    const shard = router.ownerOf(key);
    const others = shard === undefined ? undefined : places.get(shard);
    if (shard === undefined) answers[place] = notServed(key);
    else if (others === undefined) places.set(shard, [place]);
    else others.push(place);
  }
  await Promise.all(
    [...places].map(async ([{ endpoint }, mine]) => {
      const asked = mine.flatMap((place) => questions[place] ?? []);
      const replies = await together(router, endpoint, asked);
      for (const [index, place] of mine.entries()) answers[place] = replies[index] ?? null;
    }),
  );
  return answers;
}

/** Throws a RedisFailure where no shard serves the key. */
export function servedBy(router: QuestionRouter, key: Uint8Array): DatabaseShard {
  const shard = router.ownerOf(key);
  if (shard === undefined) throw notServed(key);
  return shard;
}

/** Asks one server in one round trip, and those to whom it sends us one by one. */
async function together(
  router: QuestionRouter,
  endpoint: Endpoint,
  questions: readonly KeyQuestion[],
): Promise<readonly (Reply | RedisFailure)[]> {
  const alone = (question: KeyQuestion): Promise<Reply | RedisFailure> =>
    askOwner(router, question).catch(asFailure);
  try {
    const connection = await router.connectionTo(endpoint);
    const replies = await connection.askAll(questions.map(({ words }) => words));
    return await Promise.all(
      questions.map(async (question, index) => {
        const reply = replies[index] ?? null;
        const elsewhere = reply instanceof RedisRefusal && redirectionOf(reply, endpoint) !== undefined;
        return elsewhere ? alone(question) : reply;
      }),
    );
  } catch (error) {
    asFailure(error);
    return Promise.all(questions.map(alone));
  }
}

/** The connection had been closed, and nothing can have been changed by the command. */
function mayBeAskedAgain(error: unknown, words: Words): boolean {
  if (!(error instanceof WireFailure) || !isLooking(words)) return false;
  return error.trouble === 'closed' || error.trouble === 'unanswered';
}

function notServed(key: Uint8Array): RedisRefusal {
  return new RedisRefusal(`CLUSTERDOWN slot ${slotOfKey(key)} is not served`);
}
