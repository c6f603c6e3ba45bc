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
 * its place. `onElsewhere` hears of the keys about which others are asked than who owned them at the beginning.
 */
export async function askOwners(
  router: QuestionRouter,
  questions: readonly KeyQuestion[],
  onElsewhere: (key: Uint8Array) => void = () => undefined,
): Promise<readonly (Reply | RedisFailure)[]> {
  const answers = new Array<Reply | RedisFailure>(questions.length).fill(null);
  const parts = new Map<DatabaseShard, ShardPart>();
  let asked: Uint8Array | undefined;
  let part: ShardPart | undefined;
  questions.forEach((question, place) => {
    // Questions about one key follow each other.
    if (question.key !== asked) part = partOf(parts, router.ownerOf(question.key));
    asked = question.key;
    if (part === undefined) answers[place] = notServed(question.key);
    else {
      part.questions.push(question);
      part.places.push(place);
    }
  });
  await Promise.all(
    [...parts].map(async ([{ endpoint }, { questions: mine, places }]) => {
      const replies = await together(router, endpoint, mine, onElsewhere);
      places.forEach((place, index) => (answers[place] = replies[index] ?? null));
    }),
  );
  return answers;
}

/** The questions to one shard, and their places among all. */
interface ShardPart {
  readonly questions: KeyQuestion[];
  readonly places: number[];
}

function partOf(
  parts: Map<DatabaseShard, ShardPart>,
  shard: DatabaseShard | undefined,
): ShardPart | undefined {
  if (shard === undefined) return undefined;
  const known = parts.get(shard);
  if (known !== undefined) return known;
  const begun: ShardPart = { questions: [], places: [] };
  parts.set(shard, begun);
  return begun;
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
  onElsewhere: (key: Uint8Array) => void,
): Promise<readonly (Reply | RedisFailure)[]> {
  const alone = (question: KeyQuestion): Promise<Reply | RedisFailure> => {
    onElsewhere(question.key);
    return askOwner(router, question).catch(asFailure);
  };
  try {
    const connection = await router.connectionTo(endpoint);
    const replies = await connection.askAll(questions.map(({ words }) => words));
    const sent = replies.flatMap((reply, index) => (isElsewhere(reply) ? index : []));
    if (sent.length === 0) return replies;
    const answers: (Reply | RedisFailure)[] = [...replies];
    await Promise.all(
      sent.map(async (index) => {
        const question = questions[index];
        if (question !== undefined) answers[index] = await alone(question);
      }),
    );
    return answers;
  } catch (error) {
    const reason = asFailure(error);
    return Promise.all(
      questions.map(async (question) => (mayBeAskedAgain(reason, question.words) ? alone(question) : reason)),
    );
  }
}

/** What has not been answered because another server has the key: wherever that is, nothing was changed. */
function isElsewhere(reply: Reply): boolean {
  return reply instanceof RedisRefusal && /^(?:MOVED|ASK) /.test(reply.message);
}

/** The connection had been closed, and nothing can have been changed by the command. */
function mayBeAskedAgain(error: unknown, words: Words): boolean {
  if (!(error instanceof WireFailure) || !isLooking(words)) return false;
  return error.trouble === 'closed' || error.trouble === 'unanswered';
}

function notServed(key: Uint8Array): RedisRefusal {
  return new RedisRefusal(`CLUSTERDOWN slot ${slotOfKey(key)} is not served`);
}
