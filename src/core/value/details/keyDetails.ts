/** What a key holds, in the terms of SmartRedis where it has one. */
export type ValueKind =
  | 'tensor'
  /** The hash of metadata of a dataset. */
  | 'dataset'
  /** A list of datasets. */
  | 'aggregationList'
  | 'mlModel'
  | 'script'
  | 'string'
  | 'hash'
  | 'list'
  | 'set'
  | 'zset'
  | 'stream'
  /** A type of a module that we do not know; `type` is its name. */
  | 'module'
  /** There is no such key any more. */
  | 'gone'
  /** The server did not say; `missing` or `refusal` tells why. */
  | 'unknown';

/** What is known of a key without its value. What the server did not tell is absent. */
export interface KeyDetails {
  readonly key: Uint8Array;
  readonly kind: ValueKind;
  /** As the server names it: `AI_TENSOR`, `hash`. */
  readonly type?: string;
  /** Of a tensor; also of types that we do not know. */
  readonly dtype?: string;
  readonly shape?: readonly number[];
  /** Of a string, and of a tensor whose elements are all of the same size: of its elements alone. */
  readonly bytes?: number;
  /** Fields, elements, members or entries. */
  readonly length?: number;
  /** Milliseconds since 1970, by this machine's clock; null: it does not expire. */
  readonly expiresAt?: number | null;
  /** Of a dataset: all of it was written (SmartRedis 0.3 and later mark that). */
  readonly complete?: boolean;
  readonly model?: ModelDetails;
  /** Rights that were missing: names of commands, or `access to the key`. */
  readonly missing: readonly string[];
  /** What the server said otherwise instead of an answer. From outside: to be escaped. */
  readonly refusal?: string;
}

/** An AI model, or a script, of which only the first four are told. */
export interface ModelDetails {
  /** `TORCH`, `TF`, `TFLITE` or `ONNX`; absent of a script, which is always run by Torch. */
  readonly backend?: string;
  readonly device?: string;
  readonly tag?: string;
  readonly entryPoints?: readonly string[];
  readonly batchSize?: number;
  readonly minBatchSize?: number;
  /** In milliseconds. */
  readonly minBatchTimeout?: number;
  readonly inputs?: readonly string[];
  readonly outputs?: readonly string[];
}

/** The types of a server's values whose kinds have other names. */
export function kindOfType(type: string): ValueKind {
  return kinds.get(type) ?? 'module';
}

const kinds: ReadonlyMap<string, ValueKind> = new Map<string, ValueKind>([
  ['none', 'gone'],
  ['AI_TENSOR', 'tensor'],
  ['AI__MODEL', 'mlModel'],
  ['AI_SCRIPT', 'script'],
  ...(['string', 'hash', 'list', 'set', 'zset', 'stream'] as const).map((type) => [type, type] as const),
]);
