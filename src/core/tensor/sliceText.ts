import { problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';

/** What a slice says of one dimension, as numpy means it. */
export type Subscript = { readonly kind: 'index'; readonly index: number } | SubscriptRange;

export interface SubscriptRange {
  readonly kind: 'range';
  readonly start?: number;
  readonly stop?: number;
  /** Not 0. */
  readonly step: number;
}

/** Which elements of a tensor somebody wants. */
export interface TensorSlice {
  /** As it was written. */
  readonly text: string;
  /** Of the first dimensions. */
  readonly first: readonly Subscript[];
  /** Of the last dimensions; all between is taken whole. */
  readonly last: readonly Subscript[];
}

/** Everything of every dimension. */
export const wholeTensor: TensorSlice = { text: '[...]', first: [], last: [] };

/** Reads a slice as numpy writes it, with or without its brackets: `[0, -1, 2:10, ::-2, ...]`. */
export function parseSlice(text: string): Result<TensorSlice> {
  const inner = /^\s*\[(.*)\]\s*$/s.exec(text)?.[1] ?? text;
  // As in Python, nothing has to follow the last comma.
  const words = inner
    .replace(/,\s*$/, '')
    .split(',')
    .map((word) => word.trim());
  const invalid = (reason: string): Result<TensorSlice> =>
    failure(problem('slice-invalid', { slice: text, reason }));
  const parts: Subscript[][] = [[]];
  for (const word of words) {
    const subscript = word === rest ? undefined : parseSubscript(word);
    if (typeof subscript === 'string') return invalid(subscript);
    if (subscript === undefined) parts.push([]);
    else parts.at(-1)?.push(subscript);
  }
  const [first = [], last = []] = parts;
  return parts.length > 2 ? invalid(`"${rest}" may stand in it once`) : success({ text, first, last });
}

/** Stands for all dimensions that are not named. */
const rest = '...';

/** The subscript, or why it is none. */
function parseSubscript(word: string): Subscript | string {
  const parts = word.split(':').map((part) => part.trim());
  const numbers = parts.map((part) => (part === '' ? undefined : Number(part)));
  const isNumber = (part: string): boolean => /^[+-]?\d+$/.test(part) && Number.isSafeInteger(Number(part));
  if (word === '' || parts.length > 3 || !parts.every((part) => part === '' || isNumber(part)))
    return `${JSON.stringify(word)} is neither a number, nor a range start:stop:step, nor "..."`;
  const [start, stop, step = 1] = numbers;
  if (parts.length === 1) return { kind: 'index', index: start ?? 0 };
  if (step === 0) return `the step of ${JSON.stringify(word)} is 0`;
  return {
    kind: 'range',
    ...(start === undefined ? {} : { start }),
    ...(stop === undefined ? {} : { stop }),
    step,
  };
}
