import type { KeyspaceProgress } from '../../core/keyspace/scan/keyspaceScan';
import { displayKey } from '../../core/redis/displayKey';
import type { KeyDetails, ValueKind } from '../../core/value/details/keyDetails';
import { printableLine } from './printable';

/** A key, as `--json` tells it on a line of its own; part of the product. */
export interface KeyJson {
  /** For people. */
  readonly name: string;
  /** The bytes of the key, in base64. */
  readonly key: string;
  /** Absent where only names are told. */
  readonly kind?: ValueKind;
  /** As the server names it, where `kind` is `module`. */
  readonly type?: string;
  /** Absent where no shard serves the key. */
  readonly shard?: string;
  readonly dtype?: string;
  readonly shape?: readonly number[];
  readonly bytes?: number;
  /** Fields, elements, members or entries. */
  readonly length?: number;
  /** Rights that were missing to tell more. */
  readonly missing?: readonly string[];
}

/** A key that was found, and what it holds, where that was asked for. */
export interface FoundKey {
  readonly key: Uint8Array;
  readonly shard?: string;
  readonly details?: KeyDetails;
}

/** Names that are longer do not push the rest of all lines to the right. */
const widestName = 60;

export function keyToJson({ key, shard, details }: FoundKey): KeyJson {
  const named = { name: displayKey(key), key: Buffer.from(key).toString('base64') };
  const placed = shard === undefined ? {} : { shard };
  if (details === undefined) return { ...named, ...placed };
  const { kind, type, dtype, shape, bytes, length, missing } = details;
  const all = { kind, ...placed, dtype, shape, bytes, length };
  const told = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return {
    ...{ ...named, ...told },
    ...(kind === 'module' && type !== undefined ? { type } : {}),
    ...(missing.length > 0 ? { missing } : {}),
  };
}

/** A line for each key; what they hold stands in one column. */
export function renderKeys(keys: readonly FoundKey[]): string {
  const rows = keys.map(({ key, details }) => [displayKey(key), details] as const);
  const width = Math.min(widestName, Math.max(0, ...rows.map(([name]) => name.length)));
  return rows
    .map(([name, details]) =>
      details === undefined ? `${name}\n` : `${name.padEnd(width)}  ${contentOf(details)}\n`,
    )
    .join('');
}

const kindWords: Partial<Record<ValueKind, string>> = {
  aggregationList: 'list of datasets',
  mlModel: 'AI model',
  zset: 'sorted set',
};

/** What a collection has: one of them, and several. */
const partWords: Partial<Record<ValueKind, readonly [one: string, several: string]>> = {
  ...{ hash: ['field', 'fields'], dataset: ['field', 'fields'] },
  ...{ list: ['element', 'elements'], aggregationList: ['dataset', 'datasets'] },
  ...{ set: ['member', 'members'], zset: ['member', 'members'], stream: ['entry', 'entries'] },
};

function counted(count: number, [one, several]: readonly [string, string]): string {
  return `${count} ${count === 1 ? one : several}`;
}

function contentOf({ kind, type, dtype, shape, bytes, length, missing, refusal }: KeyDetails): string {
  const word = kind === 'module' ? (type ?? kind) : (kindWords[kind] ?? kind);
  const form = [
    word,
    dtype,
    shape === undefined ? undefined : shape.length === 0 ? 'scalar' : shape.join(' × '),
  ];
  const amounts = [
    form.filter((part) => part !== undefined).join(' '),
    ...(bytes === undefined ? [] : [counted(bytes, ['byte', 'bytes'])]),
    ...(length === undefined ? [] : [counted(length, partWords[kind] ?? ['element', 'elements'])]),
    ...(missing.length === 0 ? [] : [`without the right to ${missing.join(', ')}`]),
    ...(refusal === undefined ? [] : [refusal]),
  ];
  return printableLine(amounts.join(', '));
}

/** How far a scan is, on one line. */
export function renderScan(progress: KeyspaceProgress): string {
  const { pace, shards } = progress;
  const complete = shards.filter(({ state }) => state === 'complete').length;
  const troubled = shards.filter(({ state }) => state === 'interrupted' || state === 'failed').length;
  return [
    `${sumOf(progress).seen} of ${sumOf(progress).expected} keys`,
    ...(shards.length > 1 ? [`${complete} of ${shards.length} shards`] : []),
    ...(troubled > 0 ? [`${troubled} not answering`] : []),
    pace === 'full' ? 'full speed' : 'kind pace',
  ].join(', ');
}

/** Keys that the shards have told, and that they have. */
export function sumOf({ shards }: KeyspaceProgress): { readonly seen: number; readonly expected: number } {
  return {
    seen: shards.reduce((sum, { seen }) => sum + seen, 0),
    expected: shards.reduce((sum, { expected = 0 }) => sum + expected, 0),
  };
}
