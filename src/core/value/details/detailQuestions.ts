import { elementBytes, elementCount, isTensorType } from '../../tensor/tensorType';
import type { Reply, Words } from '../../redis/wire/reply';
import type { KeyDetails, ModelDetails, ValueKind } from './keyDetails';

/** What is known of a value. */
export type ValueFacts = Partial<Omit<KeyDetails, 'key' | 'kind' | 'missing' | 'refusal'>>;

/** What an answer says. */
export interface Learnt {
  readonly kind?: ValueKind;
  readonly facts?: ValueFacts;
  /** What is to be asked now. */
  readonly next?: Question;
}

/** A question about one key, and what its answer says. */
export interface Question {
  readonly command: string;
  readonly words: (key: Uint8Array) => Words;
  readonly learn: (reply: Reply, known: ValueFacts) => Learnt;
  /** The kind that alone answers it. */
  readonly kind?: ValueKind;
}

/** What is asked about a key of a kind; never a command that goes through a whole value. */
export function detailQuestions(kind: ValueKind, key: Uint8Array): readonly Question[] {
  switch (kind) {
    case 'tensor':
      return [tensorHead];
    case 'mlModel':
      return [modelHead];
    case 'script':
      return [scriptHead];
    case 'string':
      return [textBytes];
    case 'hash':
    case 'dataset':
      return isMetadataName(key) ? [fields, completeMark, namesMark] : [fields];
    case 'list':
    case 'aggregationList':
      return [elements, listMemory];
    case 'set':
      return [members];
    case 'zset':
      return [rankedMembers];
    case 'stream':
      return [entries];
    case 'module':
    case 'gone':
    case 'unknown':
      return [];
  }
}

const tensorHead: Question = {
  command: 'AI.TENSORGET',
  kind: 'tensor',
  words: (key) => ['AI.TENSORGET', key, 'META'],
  learn(reply) {
    const head = namedValues(reply);
    const dtype = textIn(head.get('dtype'));
    const shape = head.get('shape');
    if (dtype === undefined || !Array.isArray(shape) || !shape.every((length) => typeof length === 'number'))
      return {};
    const each = isTensorType(dtype) ? elementBytes[dtype] : undefined;
    const bytes = (each ?? NaN) * elementCount(shape);
    return { facts: { dtype, shape, ...(Number.isSafeInteger(bytes) ? { bytes } : {}) } };
  },
};

const modelHead: Question = {
  command: 'AI.MODELGET',
  words: (key) => ['AI.MODELGET', key, 'META'],
  learn: (reply) => ({ facts: { model: modelDetails(reply) } }),
};

const scriptHead: Question = {
  command: 'AI.SCRIPTGET',
  words: (key) => ['AI.SCRIPTGET', key, 'META'],
  learn: (reply) => ({ facts: { model: modelDetails(reply) } }),
};

const textBytes: Question = {
  command: 'STRLEN',
  kind: 'string',
  words: (key) => ['STRLEN', key],
  learn: (reply) => (typeof reply === 'number' ? { facts: { bytes: reply } } : {}),
};

/** Asks for the number of things in a value. There are no values without any, except streams: 0 means that it is gone. */
function lengthQuestion(command: string, kind: ValueKind): Question {
  return {
    command,
    kind,
    words: (key) => [command, key],
    learn(reply) {
      if (typeof reply !== 'number') return {};
      return reply === 0 && kind !== 'stream' ? { kind: 'gone' } : { facts: { length: reply } };
    },
  };
}
const fields = lengthQuestion('HLEN', 'hash');
const elements = lengthQuestion('LLEN', 'list');
const members = lengthQuestion('SCARD', 'set');
const rankedMembers = lengthQuestion('ZCARD', 'zset');
const entries = lengthQuestion('XLEN', 'stream');

const completeMark: Question = {
  command: 'HEXISTS',
  words: (key) => ['HEXISTS', key, '.COMPLETE'],
  learn: (reply) => (reply === 1 ? { kind: 'dataset', facts: { complete: true } } : {}),
};

const namesMark: Question = {
  command: 'HEXISTS',
  words: (key) => ['HEXISTS', key, '.tensor_names'],
  learn: (reply, { complete = false }) => (reply === 1 ? { kind: 'dataset', facts: { complete } } : {}),
};

/** A list of larger elements is none of datasets, and none that is read to see that. In bytes. */
const mostOfEntry = 64 * 1024;

/** Looks at one node of the list alone: with one sample the server counts no further. */
const listMemory: Question = {
  command: 'MEMORY USAGE',
  words: (key) => ['MEMORY', 'USAGE', key, 'SAMPLES', '1'],
  learn: (reply, { length = 0 }) =>
    typeof reply === 'number' && reply <= mostOfEntry * length ? { next: firstElement } : {},
};

const firstElement: Question = {
  command: 'LINDEX',
  words: (key) => ['LINDEX', key, '0'],
  learn: (reply) => (reply instanceof Uint8Array && isDatasetName(reply) ? { kind: 'aggregationList' } : {}),
};

/** Asked where TYPE is denied. */
export const probeQuestions: readonly Question[] = [
  tensorHead,
  textBytes,
  fields,
  elements,
  members,
  rankedMembers,
  entries,
];

/** `…}.meta`: where SmartRedis keeps the metadata of a dataset. */
export function isMetadataName(key: Uint8Array): boolean {
  return Buffer.from(key.subarray(-6)).toString('latin1') === '}.meta' && key.includes(0x7b);
}

/** `…{name}`: how an aggregation list names a dataset. */
export function isDatasetName(name: Uint8Array): boolean {
  return name.at(-1) === 0x7d && name.includes(0x7b);
}

/** A reply of names and values in turn. */
export function namedValues(reply: Reply): ReadonlyMap<string, Reply> {
  const named = new Map<string, Reply>();
  if (!Array.isArray(reply)) return named;
  const parts = reply as readonly Reply[];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const name = textIn(parts[at]);
    const value = parts[at + 1];
    if (name !== undefined && value !== undefined) named.set(name, value);
  }
  return named;
}

function textIn(reply: Reply | undefined): string | undefined {
  if (typeof reply === 'string') return reply;
  return reply instanceof Uint8Array ? Buffer.from(reply).toString('utf8') : undefined;
}

function modelDetails(reply: Reply): ModelDetails {
  const head = namedValues(reply);
  const texts = (name: string): readonly string[] | undefined => {
    const list = head.get(name);
    if (!Array.isArray(list)) return undefined;
    return (list as readonly Reply[]).map((text) => textIn(text) ?? '');
  };
  const number = (name: string): number | undefined => {
    const value = head.get(name);
    return typeof value === 'number' ? value : undefined;
  };
  const told = {
    backend: textIn(head.get('backend')),
    device: textIn(head.get('device')),
    tag: textIn(head.get('tag')),
    entryPoints: texts('Entry Points'),
    batchSize: number('batchsize'),
    minBatchSize: number('minbatchsize'),
    minBatchTimeout: number('minbatchtimeout'),
    inputs: texts('inputs'),
    outputs: texts('outputs'),
  };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
}
