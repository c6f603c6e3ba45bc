import { utf8 } from '../../base/bytes';
import { elementBytes, elementCount, isTensorType } from '../../tensor/tensorType';
import { KnownTexts } from '../../redis/wire/knownTexts';
import type { Reply, Words } from '../../redis/wire/reply';
import { kindOfType, type KeyDetails, type ModelDetails, type ValueKind } from './keyDetails';

/** Details while they are put together. */
export type OpenDetails = { -readonly [Name in keyof KeyDetails]: KeyDetails[Name] };

/** A question about one key. */
export interface Question {
  readonly command: string;
  readonly words: (key: Uint8Array) => Words;
  /** Adds what an answer says. What it returns is to be asked now. */
  readonly learn: (reply: Reply, details: OpenDetails) => Question | undefined;
  /** The kind that alone answers it. */
  readonly kind?: ValueKind;
}

/** What is asked about every key before anything else. */
export const firstQuestions: readonly Question[] = [
  {
    command: 'TYPE',
    words: (key) => ['TYPE', key],
    learn(reply, details) {
      if (typeof reply === 'string') {
        details.kind = kindOfType(reply);
        details.type = reply;
      } else wasStrange('TYPE', details);
    },
  },
];

/** Asked about every key that is there. */
const lifetime: Question = {
  command: 'PTTL',
  words: (key) => ['PTTL', key],
  learn(reply, details) {
    if (typeof reply !== 'number') wasStrange('PTTL', details);
    else if (reply === -2) details.kind = 'gone';
    else details.expiresAt = reply === -1 ? null : Date.now() + reply;
  },
};

function wasStrange(command: string, details: OpenDetails): void {
  details.refusal ??= `${command} was answered by something else`;
}

const tensorHead: Question = {
  command: 'AI.TENSORGET',
  kind: 'tensor',
  words: (key) => ['AI.TENSORGET', key, 'META'],
  learn(reply, details) {
    const dtype = textIn(valueNamed('dtype', reply));
    const shape = valueNamed('shape', reply);
    if (dtype === undefined || !isShape(shape)) return;
    details.dtype = dtype;
    details.shape = shape;
    const each = isTensorType(dtype) ? elementBytes[dtype] : undefined;
    const bytes = (each ?? NaN) * elementCount(shape);
    if (Number.isSafeInteger(bytes)) details.bytes = bytes;
  },
};

function isShape(reply: Reply | undefined): reply is readonly number[] {
  return Array.isArray(reply) && reply.every((length) => typeof length === 'number');
}

const modelHead: Question = {
  command: 'AI.MODELGET',
  words: (key) => ['AI.MODELGET', key, 'META'],
  learn: (reply, details) => {
    details.model = modelDetails(reply);
  },
};

const scriptHead: Question = {
  command: 'AI.SCRIPTGET',
  words: (key) => ['AI.SCRIPTGET', key, 'META'],
  learn: (reply, details) => {
    details.model = modelDetails(reply);
  },
};

const textBytes: Question = {
  command: 'STRLEN',
  kind: 'string',
  words: (key) => ['STRLEN', key],
  learn: (reply, details) => {
    if (typeof reply === 'number') details.bytes = reply;
  },
};

/** Asks for the number of things in a value. There are no values without any, except streams: 0 means that it is gone. */
function lengthQuestion(command: string, kind: ValueKind): Question {
  return {
    command,
    kind,
    words: (key) => [command, key],
    learn: (reply, details) => {
      if (typeof reply !== 'number') return;
      if (reply === 0 && kind !== 'stream') details.kind = 'gone';
      else details.length = reply;
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
  learn: (reply, details) => {
    if (reply === 1) becomeDataset(details, true);
  },
};

const namesMark: Question = {
  command: 'HEXISTS',
  words: (key) => ['HEXISTS', key, '.tensor_names'],
  learn: (reply, details) => {
    if (reply === 1) becomeDataset(details, details.complete ?? false);
  },
};

function becomeDataset(details: OpenDetails, complete: boolean): void {
  details.kind = 'dataset';
  details.complete = complete;
}

/** A list of larger elements is none of datasets, and none that is read to see that. In bytes. */
const mostOfEntry = 64 * 1024;

/** Looks at one node of the list alone: with one sample the server counts no further. */
const listMemory: Question = {
  command: 'MEMORY USAGE',
  words: (key) => ['MEMORY', 'USAGE', key, 'SAMPLES', '1'],
  learn: (reply, { length = 0 }) =>
    typeof reply === 'number' && reply <= mostOfEntry * length ? firstElement : undefined,
};

const firstElement: Question = {
  command: 'LINDEX',
  words: (key) => ['LINDEX', key, '0'],
  learn: (reply, details) => {
    if (reply instanceof Uint8Array && isDatasetName(reply)) details.kind = 'aggregationList';
  },
};

const metadataQuestions: readonly Question[] = [lifetime, fields, completeMark, namesMark];
const listQuestions: readonly Question[] = [lifetime, elements, listMemory];

const questionsByKind: Readonly<Record<ValueKind, readonly Question[]>> = {
  tensor: [lifetime, tensorHead],
  mlModel: [lifetime, modelHead],
  script: [lifetime, scriptHead],
  string: [lifetime, textBytes],
  hash: [lifetime, fields],
  dataset: [lifetime, fields],
  list: listQuestions,
  aggregationList: listQuestions,
  set: [lifetime, members],
  zset: [lifetime, rankedMembers],
  stream: [lifetime, entries],
  module: [lifetime],
  gone: [],
  unknown: [lifetime],
};

/** What is asked about a key of a kind; never a command that goes through a whole value. */
export function detailQuestions(kind: ValueKind, key: Uint8Array): readonly Question[] {
  if ((kind === 'hash' || kind === 'dataset') && isMetadataName(key)) return metadataQuestions;
  return questionsByKind[kind];
}

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
  const begin = key.length - metadataEnd.length;
  return begin >= 0 && metadataEnd.every((byte, at) => key[begin + at] === byte) && key.includes(0x7b);
}

const metadataEnd = utf8('}.meta');

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

/** The same for one name, of a reply that comes for many keys. */
function valueNamed(name: string, reply: Reply): Reply | undefined {
  if (!Array.isArray(reply)) return undefined;
  const parts = reply as readonly Reply[];
  for (let at = 0; at + 1 < parts.length; at += 2) if (textIn(parts[at]) === name) return parts[at + 1];
  return undefined;
}

function textIn(reply: Reply | undefined): string | undefined {
  if (typeof reply === 'string') return reply;
  return reply instanceof Uint8Array ? knownTexts.textOf(reply, 0, reply.length) : undefined;
}

const knownTexts = new KnownTexts();

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
