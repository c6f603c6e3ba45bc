import type { ValueKind } from '../details/keyDetails';
import { isDatasetName, isMetadataName } from '../details/detailQuestions';

export type CodeLanguage = 'python' | 'cpp' | 'c' | 'fortran';

/** What code is to read. */
export interface CodeSubject {
  readonly kind: ValueKind;
  /** The key; of an AI model or script its name, as programs call it. */
  readonly key: Uint8Array;
  /** As SmartRedis takes it in `SSDB`. */
  readonly address: string;
  readonly clustered: boolean;
}

/** Kinds that SmartRedis reads, and those that a client of Redis reads. */
export type SmartRedisKind = 'tensor' | 'dataset' | 'aggregationList' | 'mlModel' | 'script';
export type PlainKind = 'string' | 'hash' | 'list' | 'set' | 'zset' | 'stream';

export function isSmartRedisKind(kind: ValueKind): kind is SmartRedisKind {
  return ['tensor', 'dataset', 'aggregationList', 'mlModel', 'script'].includes(kind);
}

export function isPlainKind(kind: ValueKind): kind is PlainKind {
  return ['string', 'hash', 'list', 'set', 'zset', 'stream'].includes(kind);
}

/** How a client has to be told the name: a dataset's prefix stands before its braces, and comes from `SSKEYIN` alone. */
export interface ClientName {
  readonly name: Uint8Array;
  readonly source?: Uint8Array;
}

export function clientName({ kind, key }: CodeSubject): ClientName {
  if (kind !== 'dataset' || !(isMetadataName(key) || isDatasetName(key))) return { name: key };
  const end = isMetadataName(key) ? key.length - '}.meta'.length : key.length - 1;
  const brace = key.indexOf(0x7b);
  const name = key.subarray(brace + 1, end);
  // SmartRedis puts the dot between the prefix and the brace.
  return brace > 1 ? { name, source: key.subarray(0, brace - 1) } : { name };
}
