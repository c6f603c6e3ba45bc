import type { Reply, Words } from '../../redis/wire/reply';
import { isDatasetName } from '../details/detailQuestions';
import type { Noun } from './valueText';
import { visibleLine } from './visibleText';

/** How a value that consists of many is read and written down. */
export interface Collection {
  readonly what: Noun;
  readonly length: string;
  /** Reads about the first `count`. */
  readonly page: (key: Uint8Array, count: number) => Words;
  /** A line for each that the reply of `page` holds. */
  readonly lines: (reply: Reply) => readonly string[];
}

export type CollectionKind = 'hash' | 'list' | 'aggregationList' | 'set' | 'zset' | 'stream';

const list: Collection = {
  what: ['element', 'elements'],
  length: 'LLEN',
  page: (key, count) => ['LRANGE', key, '0', String(count - 1)],
  lines: (reply) => textsIn(reply).map((text, at) => `${at}: ${shortLine(text)}`),
};

export const collections: Readonly<Record<CollectionKind, Collection>> = {
  hash: {
    what: ['field', 'fields'],
    length: 'HLEN',
    page: (key, count) => ['HSCAN', key, '0', 'COUNT', String(count)],
    // The server gives them in the order of its memory.
    lines: (reply) =>
      pairsIn(scanned(reply))
        .sort(([a], [b]) => Buffer.compare(a, b))
        .map(([field, value]) => `${shortLine(field)}: ${shortLine(value)}`),
  },
  list,
  aggregationList: {
    ...list,
    what: ['dataset', 'datasets'],
    lines: (reply) =>
      textsIn(reply).map(
        (name, at) => `${at}: ${shortLine(name)}${isDatasetName(name) ? '' : '  # names no dataset'}`,
      ),
  },
  set: {
    what: ['member', 'members'],
    length: 'SCARD',
    page: (key, count) => ['SSCAN', key, '0', 'COUNT', String(count)],
    lines: (reply) =>
      [...textsIn(scanned(reply))].sort((a, b) => Buffer.compare(a, b)).map((member) => shortLine(member)),
  },
  zset: {
    what: ['member', 'members'],
    length: 'ZCARD',
    page: (key, count) => ['ZRANGE', key, '0', String(count - 1), 'WITHSCORES'],
    lines: (reply) => pairsIn(reply).map(([member, score]) => `${visibleLine(score)}: ${shortLine(member)}`),
  },
  stream: {
    what: ['entry', 'entries'],
    length: 'XLEN',
    page: (key, count) => ['XRANGE', key, '-', '+', 'COUNT', String(count)],
    lines: (reply) => entriesIn(reply).flatMap(entryLines),
  },
};

function entryLines([id, pairs]: readonly [Uint8Array, Reply]): readonly string[] {
  const fields = pairsIn(pairs).map(([field, value]) => `  ${shortLine(field)}: ${shortLine(value)}`);
  return [visibleLine(id), ...fields];
}

/** Bytes of a field or value that are shown. */
const mostShown = 512;

/** A text in one line, cut where it is long. */
export function shortLine(bytes: Uint8Array): string {
  if (bytes.length <= mostShown) return visibleLine(bytes);
  return `${visibleLine(bytes.subarray(0, mostShown))}… (${bytes.length} bytes)`;
}

/** What a page of HSCAN or SSCAN holds beside its cursor. */
export function scanned(reply: Reply): Reply {
  return Array.isArray(reply) ? ((reply as readonly Reply[])[1] ?? null) : null;
}

function textsIn(reply: Reply): readonly Uint8Array[] {
  if (!Array.isArray(reply)) return [];
  return (reply as readonly Reply[]).filter((text): text is Uint8Array => text instanceof Uint8Array);
}

export function pairsIn(reply: Reply): (readonly [Uint8Array, Uint8Array])[] {
  const texts = textsIn(reply);
  const pairs: (readonly [Uint8Array, Uint8Array])[] = [];
  for (let at = 0; at + 1 < texts.length; at += 2) {
    const [name, value] = [texts[at], texts[at + 1]];
    if (name !== undefined && value !== undefined) pairs.push([name, value]);
  }
  return pairs;
}

function entriesIn(reply: Reply): readonly (readonly [Uint8Array, Reply])[] {
  if (!Array.isArray(reply)) return [];
  return (reply as readonly Reply[]).flatMap((entry) => {
    const [id, pairs = null] = Array.isArray(entry) ? (entry as readonly Reply[]) : [];
    return id instanceof Uint8Array ? [[id, pairs] as const] : [];
  });
}
