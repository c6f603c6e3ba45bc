import type { Database, KeyQuestion } from '../../database/database';
import { RedisFailure, RedisRefusal } from '../../redis/redisFailure';
import type { Reply } from '../../redis/wire/reply';
import { isRefused, keyAccess, missingRight, reasonOf } from '../refusal';
import { detailQuestions, probeQuestions, type Question, type ValueFacts } from './detailQuestions';
import { kindOfType, type KeyDetails, type ValueKind } from './keyDetails';

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
  const ask: Ask = (questions) => database.askOwners(questions);
  const groups = new Map<string, Uint8Array[]>();
  for (const key of keys) {
    const shard = shardName(database, key);
    const group = groups.get(shard);
    if (group === undefined) groups.set(shard, [key]);
    else group.push(key);
  }
  const found = new Map<Uint8Array, KeyDetails>();
  await Promise.all(
    [...groups.values()].map(async (group) => {
      for (let at = 0; at < group.length; at += mostAtOnce)
        for (const details of await detailsBy(ask, group.slice(at, at + mostAtOnce)))
          found.set(details.key, details);
    }),
  );
  return keys.map((key) => found.get(key) ?? { key, kind: 'unknown', missing: [] });
}

/** A shard that is slow holds the others up in no way. */
function shardName(database: Database, key: Uint8Array): string {
  try {
    return database.shardOf(key).name;
  } catch (error) {
    if (!(error instanceof RedisFailure)) throw error;
    return '';
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
  return drafts.map(finished);
}

async function readOnce(ask: Ask, keys: readonly Uint8Array[]): Promise<readonly Draft[]> {
  const first = await askInTurn(
    ask,
    keys.map((key) => [
      { key, words: ['TYPE', key] },
      { key, words: ['PTTL', key] },
    ]),
  );
  const drafts = keys.map((key, at) => begun(key, first[at] ?? []));
  let open = drafts.map((draft) => ({ draft, questions: questionsFor(draft) }));
  while (open.length > 0) {
    const replies = await askInTurn(
      ask,
      open.map(({ draft: { key }, questions }) => questions.map(({ words }) => ({ key, words: words(key) }))),
    );
    open = open
      .map(({ draft, questions }, at) => ({
        draft,
        questions: answered(draft, questions, replies[at] ?? []),
      }))
      .filter(({ questions }) => questions.length > 0);
  }
  return drafts;
}

/** Details that are being put together. */
interface Draft {
  readonly key: Uint8Array;
  kind: ValueKind;
  facts: ValueFacts;
  readonly missing: Set<string>;
  refusal: string | undefined;
  /** The kind was another when the second question came. */
  changed: boolean;
}

/** What the answers to TYPE and PTTL say. */
function begun(key: Uint8Array, [type = null, ttl = null]: readonly Answer[]): Draft {
  const draft: Draft = {
    key,
    kind: 'unknown',
    facts: {},
    missing: new Set(),
    refusal: undefined,
    changed: false,
  };
  if (typeof type === 'string') {
    draft.kind = kindOfType(type);
    draft.facts = { type };
  } else note(draft, 'TYPE', type);
  if (ttl === -1) draft.facts = { ...draft.facts, expiresAt: null };
  else if (ttl === -2) draft.kind = 'gone';
  else if (typeof ttl === 'number') draft.facts = { ...draft.facts, expiresAt: Date.now() + ttl };
  else note(draft, 'PTTL', ttl);
  return draft;
}

/** Where the kind is not told, the right question to each kind is answered by its own alone. */
function questionsFor(draft: Draft): readonly Question[] {
  if (draft.missing.has('TYPE')) return probeQuestions;
  return detailQuestions(draft.kind, draft.key);
}

/** Takes the answers, and gives the questions that they lead to. */
function answered(
  draft: Draft,
  questions: readonly Question[],
  replies: readonly Answer[],
): readonly Question[] {
  if (questions === probeQuestions) return probed(draft, replies);
  const next: Question[] = [];
  for (const [at, { command, learn }] of questions.entries()) {
    const reply = replies[at] ?? null;
    if (isRefused(reply, 'gone')) draft.kind = 'gone';
    else if (reply instanceof RedisFailure) note(draft, command, reply);
    else {
      const learnt = learn(reply, draft.facts);
      draft.kind = learnt.kind ?? draft.kind;
      draft.facts = { ...draft.facts, ...learnt.facts };
      if (learnt.next !== undefined) next.push(learnt.next);
    }
  }
  return draft.kind === 'gone' ? [] : next;
}

/** One of the kinds answers otherwise than that the key holds another; all of them of a key that is not there. */
function probed(draft: Draft, replies: readonly Answer[]): readonly Question[] {
  const answering = probeQuestions.filter((_, at) => !(replies[at] instanceof RedisFailure));
  const open = replies.filter((reply) => reply instanceof RedisRefusal && !isRefused(reply, 'otherKind'));
  if (open.some((reply) => reply instanceof RedisRefusal && missingRight(reply, '') === keyAccess)) {
    draft.missing.add(keyAccess);
    return [];
  }
  const [only] = answering;
  if (only === undefined) return [];
  if (answering.length > 1) {
    draft.kind = 'gone';
    return [];
  }
  draft.kind = only.kind ?? 'unknown';
  return detailQuestions(draft.kind, draft.key);
}

/** A fact that was not told: a right is missing, or whatever the server said. */
function note(draft: Draft, command: string, reply: Answer): void {
  if (!(reply instanceof RedisFailure)) draft.refusal ??= `${command} was answered by something else`;
  else if (!(reply instanceof RedisRefusal)) draft.refusal ??= reply.message;
  else if (reasonOf(reply) === 'otherKind') draft.changed = true;
  else if (reasonOf(reply) === 'right') draft.missing.add(missingRight(reply, command));
  else draft.refusal ??= reply.message;
}

function finished({ key, kind, facts, missing, refusal, changed }: Draft): KeyDetails {
  if (kind === 'gone') return { key, kind, missing: [] };
  if (changed) return { key, kind: 'unknown', missing: [], refusal: 'its kind changes all the time' };
  // Without the key's own right nothing else was told either.
  const named = missing.has(keyAccess) ? [keyAccess] : [...missing];
  return { ...facts, key, kind, missing: named, ...(refusal === undefined ? {} : { refusal }) };
}

/** Groups of questions in one round trip; answers grouped as they. */
async function askInTurn(
  ask: Ask,
  groups: readonly (readonly KeyQuestion[])[],
): Promise<readonly (readonly Answer[])[]> {
  const replies = await ask(groups.flat());
  let at = 0;
  return groups.map(({ length }) => replies.slice(at, (at += length)));
}

type Answer = Reply | RedisFailure;
