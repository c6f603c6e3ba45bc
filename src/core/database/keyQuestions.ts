import { setTimeout as delay } from 'node:timers/promises';
import { slotOfKey } from '../redis/keySlot';
import { type RedisFailure, RedisRefusal } from '../redis/redisFailure';
import type { Endpoint } from '../redis/wire/endpoint';
import type { Reply, Words } from '../redis/wire/reply';
import type { WireConnection } from '../redis/wire/wireConnection';
import { WireFailure } from '../redis/wire/wireFailure';
import { isLooking } from './allowedCommands';
import { asFailure, DatabaseFailure, ignoreFailure } from './databaseFailure';
import type { DatabaseShard } from './databaseShard';
import { redirectionOf, type Redirection } from './redirection';

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

/** Milliseconds that several keys of a slot on its way are waited for, until one server has them all. */
const unsettledPauses = [100, 200, 400, 800];

/** Asks the owner of a key, also where the key has just moved. Throws a RedisFailure. */
export async function askOwner(router: QuestionRouter, { key, words }: KeyQuestion): Promise<Reply> {
  const [reply = null] = await askOwnerTogether(router, key, [words]);
  if (reply instanceof RedisRefusal) throw reply;
  return reply;
}

/**
 * Asks the owner of a key several things in one round trip; an answer may be a refusal. Where the key moves meanwhile all of it
 * is asked again of the next owner: several commands have to be such that only look. Throws a RedisFailure.
 */
export async function askOwnerTogether(
  router: QuestionRouter,
  key: Uint8Array,
  commands: readonly Words[],
): Promise<readonly Reply[]> {
  let replies = await followed(router, key, commands);
  for (const pauseMs of unsettledPauses) {
    if (!replies.some(isUnsettled)) break;
    await delay(pauseMs);
    replies = await followed(router, key, commands);
  }
  return replies;
}

/** Goes from the server that should have the key to those to whom it is sent. */
async function followed(
  router: QuestionRouter,
  key: Uint8Array,
  commands: readonly Words[],
): Promise<readonly Reply[]> {
  let sent: Redirection | undefined;
  for (let attempts = 0; ; attempts += 1) {
    const endpoint = sent?.endpoint ?? servedBy(router, key).endpoint;
    try {
      const connection = await router.connectionTo(endpoint);
      const replies = await (sent?.kind === 'ask'
        ? askWithLeave(connection, commands)
        : connection.askAll(commands));
      const next = redirectionIn(replies, endpoint);
      if (next === undefined || attempts === mostRedirections) return replies;
      sent = next;
      // Where the one who was asked knows better than the others, its word is followed in any case.
      if (next.kind === 'moved') await router.refresh().catch(ignoreFailure);
    } catch (error) {
      const reason = asFailure(error);
      if (attempts > 0 || !mayBeElsewhere(reason) || !commands.every((words) => isUndone(reason, words)))
        throw error;
      await router.refresh().catch(ignoreFailure);
      sent = undefined;
    }
  }
}

/**
 * Asks a server that gets a slot about keys that have arrived: each command needs leave of its own, a transaction has it as
 * a whole. Without the right to that leave, its refusal is the answer to all.
 */
async function askWithLeave(
  connection: WireConnection,
  commands: readonly Words[],
): Promise<readonly Reply[]> {
  let inTransaction = false;
  const asked = commands.flatMap((words): readonly Words[] => {
    const begun = inTransaction;
    if (words[0] === 'MULTI') inTransaction = true;
    if (words[0] === 'EXEC') inTransaction = false;
    return begun ? [words] : [['ASKING'], words];
  });
  const replies = await connection.askAll(asked);
  const refused = replies.find((reply, at) => asked[at]?.[0] === 'ASKING' && reply instanceof RedisRefusal);
  if (refused !== undefined) return commands.map(() => refused);
  return replies.filter((_, at) => asked[at]?.[0] !== 'ASKING');
}

function redirectionIn(replies: readonly Reply[], asked: Endpoint): Redirection | undefined {
  for (const reply of replies) {
    const found = reply instanceof RedisRefusal ? redirectionOf(reply, asked) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Of the keys of one command some have moved with their slot, and others not yet. */
function isUnsettled(reply: Reply): boolean {
  return reply instanceof RedisRefusal && reply.message.startsWith('TRYAGAIN');
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
      questions.map(async (question) => (isUndone(reason, question.words) ? alone(question) : reason)),
    );
  }
}

/** What has not been answered because another server has the key: wherever that is, nothing was changed. */
function isElsewhere(reply: Reply): boolean {
  return reply instanceof RedisRefusal && /^(?:MOVED|ASK) /.test(reply.message);
}

/** The server has gone: another may have its keys. */
function mayBeElsewhere(reason: RedisFailure): boolean {
  return reason instanceof WireFailure && ['unreachable', 'closed', 'unanswered'].includes(reason.trouble);
}

/** Nothing can have been changed by a command that failed so: it only looks, or has never left. */
function isUndone(reason: RedisFailure, words: Words): boolean {
  if (isLooking(words) || reason instanceof DatabaseFailure) return true;
  return reason instanceof WireFailure && reason.trouble === 'unreachable';
}

function notServed(key: Uint8Array): RedisRefusal {
  return new RedisRefusal(`CLUSTERDOWN slot ${slotOfKey(key)} is not served`);
}
