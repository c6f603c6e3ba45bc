import { problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import { displayKey } from '../redis/displayKey';
import { elementValues, type ElementValue } from './elementValues';
import { readProblem, TensorChanged } from './readFaults';
import { readHead, readSelection, type TensorHead } from './readTensor';
import { cornerOf, selectedCount, selectionOf, type Selection } from './selection';
import type { TensorSlice } from './sliceText';
import { readStatistics, type TensorStatistics } from './tensorStatistics';
import type { TensorServer } from './tensorServer';

/** A tensor as it is looked at: what it is, and some of its elements. All of it belongs to one state of the tensor. */
export interface TensorView extends TensorHead {
  /** What is shown. */
  readonly shown: Selection;
  /** More was asked for: only its corner is shown. */
  readonly partial: boolean;
  /** Of `shown`, row by row. */
  readonly values: readonly ElementValue[];
  /** Of the whole tensor; absent where the server has none: of STRING, and with RedisAI. */
  readonly statistics?: TensorStatistics;
}

/** In elements. */
export interface ViewLimits {
  /** Up to so many everything is shown. */
  readonly whole: number;
  /** Of more, so many. */
  readonly corner: number;
}

/** How often a tensor that others replace meanwhile is looked at again. */
const attempts = 5;

/**
 * Looks at what a slice takes of a tensor, or at the corner of that. Problems: the slice does not fit, the
 * tensor is replaced again and again, or it is too large for a server that gives whole tensors alone. Throws a
 * RedisFailure.
 */
export async function viewTensor(
  connection: TensorServer,
  key: Uint8Array,
  slice: TensorSlice,
  limits: ViewLimits,
  signal: AbortSignal,
): Promise<Result<TensorView>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await viewOnce(connection, key, slice, limits, signal);
    } catch (error) {
      if (!(error instanceof TensorChanged) || attempt === attempts) return failure(readProblem(error, key));
    }
  }
}

async function viewOnce(
  connection: TensorServer,
  key: Uint8Array,
  slice: TensorSlice,
  limits: ViewLimits,
  signal: AbortSignal,
): Promise<Result<TensorView>> {
  const head = await readHead(connection, key);
  const asked = selectionFor(slice, key, head);
  if (!asked.ok) return asked;
  const partial = selectedCount(asked.value) > limits.whole;
  const shown = partial ? cornerOf(asked.value, limits.corner) : asked.value;
  const values: ElementValue[] = [];
  for await (const chunk of readSelection(connection, key, head, shown, signal))
    for (const value of elementValues(head.type, chunk)) values.push(value);
  const statistics = await readStatistics(connection, key, head);
  return success({ ...head, shown, partial, values, ...(statistics === undefined ? {} : { statistics }) });
}

/** What a slice takes of the tensor that `head` tells of. */
export function selectionFor(
  slice: TensorSlice,
  key: Uint8Array,
  { shape }: Pick<TensorHead, 'shape'>,
): Result<Selection> {
  const selection = selectionOf(slice, shape);
  if (typeof selection !== 'string') return success(selection);
  const args = { slice: slice.text, key: displayKey(key), shape: `(${shape.join(', ')})`, reason: selection };
  return failure(problem('slice-does-not-fit', args));
}
