import type { Subscript, SubscriptRange, TensorSlice } from './sliceText';
import { elementCount } from './tensorType';

/** What is taken of one dimension: `count` indices from `start` on, each `step` after the one before. */
export interface SelectedAxis {
  readonly start: number;
  /** Below 0: backwards. */
  readonly step: number;
  /** At least 1. */
  readonly count: number;
  /** Of the tensor's dimension. */
  readonly length: number;
  /** One index was asked for, so the result has no such dimension. */
  readonly dropped: boolean;
}

/** What a slice takes of a tensor, dimension by dimension. */
export type Selection = readonly SelectedAxis[];

/** What a slice takes of a tensor of this shape, by numpy's rules; in words why it cannot be taken. */
export function selectionOf({ first, last }: TensorSlice, shape: readonly number[]): Selection | string {
  const named = first.length + last.length;
  if (named > shape.length) return `it names ${named} dimensions, and the tensor has ${shape.length}`;
  const all = [...first, ...shape.slice(named).map(() => wholeRange), ...last];
  const axes: SelectedAxis[] = [];
  for (const [dimension, subscript] of all.entries()) {
    const length = shape[dimension] ?? 1;
    const axis = subscript.kind === 'index' ? oneIndex(subscript.index, length) : range(subscript, length);
    if (axis === undefined)
      return subscript.kind === 'index'
        ? `dimension ${dimension} has no index ${subscript.index}, only ${-length} to ${length - 1}`
        : `it takes nothing of dimension ${dimension}, which has the length ${length}`;
    axes.push(axis);
  }
  return axes;
}

const wholeRange: Subscript = { kind: 'range', step: 1 };

function oneIndex(index: number, length: number): SelectedAxis | undefined {
  const start = index < 0 ? index + length : index;
  return start < 0 || start >= length ? undefined : { start, step: 1, count: 1, length, dropped: true };
}

/** Undefined: it takes nothing. Bounds beyond the ends are the ends. */
function range({ start, stop, step }: SubscriptRange, length: number): SelectedAxis | undefined {
  const backwards = step < 0;
  const [least, most] = backwards ? [-1, length - 1] : [0, length];
  const within = (bound: number): number =>
    Math.min(most, Math.max(least, bound < 0 ? bound + length : bound));
  const from = start === undefined ? (backwards ? most : least) : within(start);
  const to = stop === undefined ? (backwards ? least : most) : within(stop);
  const count = Math.ceil((to - from) / step);
  return count < 1 ? undefined : { start: from, step, count, length, dropped: false };
}

/** Shape of what is taken. */
export function selectedShape(selection: Selection): readonly number[] {
  return selection.filter(({ dropped }) => !dropped).map(({ count }) => count);
}

export function selectedCount(selection: Selection): number {
  return elementCount(selection.map(({ count }) => count));
}

/** Whether it takes every element, in the order in which they lie. */
export function takesAll(selection: Selection): boolean {
  return selection.every(
    ({ start, step, count, length }) => start === 0 && count === length && (step === 1 || length === 1),
  );
}

/** The selection as numpy writes it: `[0, 2:10, ::-1]`; `[...]` of a scalar. */
export function formatSelection(selection: Selection): string {
  return selection.length === 0 ? '[...]' : `[${selection.map(formatAxis).join(', ')}]`;
}

function formatAxis({ start, step, count, length, dropped }: SelectedAxis): string {
  if (dropped) return String(start);
  const last = start + step * (count - 1);
  const end = step > 0 ? last + 1 : last - 1;
  // What ends at an end of the dimension does not have to name it.
  const reachesEnd = step > 0 ? last + step >= length : last + step < 0;
  const from = start === (step > 0 ? 0 : length - 1) ? '' : String(start);
  return `${from}:${reachesEnd ? '' : end}${step === 1 ? '' : `:${step}`}`;
}

/** The part of a selection from a position in each dimension on, counted within the selection. */
function partOf(selection: Selection, from: readonly number[], counts: readonly number[]): Selection {
  return selection.map((axis, dimension) => ({
    ...axis,
    start: axis.start + axis.step * (from[dimension] ?? 0),
    count: counts[dimension] ?? axis.count,
  }));
}

/** Its corner at the first indices, with about as many of each dimension: at most `most` elements. */
export function cornerOf(selection: Selection, most: number): Selection {
  const capped = (cap: number): Selection =>
    selection.map((axis) => ({ ...axis, count: Math.min(axis.count, cap) }));
  let cap = 1;
  while (cap < most && selectedCount(capped(cap + 1)) <= most) cap += 1;
  return capped(cap);
}

/** The matrices of which a selection of more dimensions consists, one after the other; it alone where it has fewer. */
export function matricesOf(selection: Selection): readonly Selection[] {
  if (selectedShape(selection).length <= 2) return [selection];
  const dimension = selection.findIndex(({ dropped }) => !dropped);
  const { start, step, count, length } = selection[dimension] ?? { start: 0, step: 1, count: 0, length: 0 };
  return Array.from({ length: count }, (_, index) =>
    selection.with(dimension, { start: start + step * index, step: 1, count: 1, length, dropped: true }),
  ).flatMap(matricesOf);
}

/** Parts of at most `most` elements that follow each other row by row, and are the whole selection together. */
export function* partsOf(selection: Selection, most: number): Generator<Selection> {
  const counts = selection.map(({ count }) => count);
  // The dimension that is cut: everything inside of it is taken whole, everything outside one by one.
  let cut = counts.length;
  let inside = 1;
  while (cut > 0 && inside * (counts[cut - 1] ?? 1) <= most) inside *= counts[--cut] ?? 1;
  if (cut === 0) {
    yield selection;
    return;
  }
  const axis = cut - 1;
  const atOnce = Math.floor(most / inside);
  const position = counts.map(() => 0);
  for (;;) {
    const length = Math.min(atOnce, (counts[axis] ?? 1) - (position[axis] ?? 0));
    yield partOf(
      selection,
      position,
      counts.map((count, dimension) => (dimension < axis ? 1 : dimension === axis ? length : count)),
    );
    position[axis] = (position[axis] ?? 0) + length;
    let dimension = axis;
    while ((position[dimension] ?? 0) >= (counts[dimension] ?? 1)) {
      if (dimension === 0) return;
      position[dimension] = 0;
      dimension -= 1;
      position[dimension] = (position[dimension] ?? 0) + 1;
    }
  }
}

/** The numbers of what is taken, in the order of the result, among all elements of the tensor row by row. */
export function* elementNumbers(selection: Selection): Generator<number> {
  const strides = selection.map((_, dimension) =>
    elementCount(selection.slice(dimension + 1).map(({ length }) => length)),
  );
  const position = selection.map(() => 0);
  let at = selection.reduce((sum, { start }, dimension) => sum + start * (strides[dimension] ?? 0), 0);
  for (let left = selectedCount(selection); left > 0; left--) {
    yield at;
    for (let dimension = selection.length - 1; dimension >= 0; dimension--) {
      const { step, count } = selection[dimension] ?? { step: 0, count: 0 };
      const stride = step * (strides[dimension] ?? 0);
      const next = (position[dimension] ?? 0) + 1;
      position[dimension] = next;
      at += stride;
      if (next < count) break;
      at -= stride * count;
      position[dimension] = 0;
    }
  }
}
