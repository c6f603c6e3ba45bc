import { elementBytes, type TensorType } from './tensorType';
import { splitTexts } from './texts';

/** An element as JSON and people read it: numbers that JSON cannot hold, such as NaN, and all of INT64 as text. */
export type ElementValue = number | string | boolean;

/** Values nested row by row, as the shape says; of a scalar the value itself. */
export type NestedValues = ElementValue | readonly NestedValues[];

/** The elements in `data`, which is as a server gives it. */
export function elementValues(type: TensorType, data: Uint8Array): readonly ElementValue[] {
  if (type === 'STRING') return splitTexts(data).map((text) => Buffer.from(text).toString('utf8'));
  const bytes = elementBytes[type];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: data.length / bytes }, (_, index) => readers[type](view, index * bytes));
}

const readers: Readonly<Record<Exclude<TensorType, 'STRING'>, (view: DataView, at: number) => ElementValue>> =
  {
    FLOAT: (view, at) => finite(shortestFloat(view.getFloat32(at, true))),
    DOUBLE: (view, at) => finite(view.getFloat64(at, true)),
    INT8: (view, at) => view.getInt8(at),
    INT16: (view, at) => view.getInt16(at, true),
    INT32: (view, at) => view.getInt32(at, true),
    INT64: (view, at) => String(view.getBigInt64(at, true)),
    UINT8: (view, at) => view.getUint8(at),
    UINT16: (view, at) => view.getUint16(at, true),
    BOOL: (view, at) => view.getUint8(at) !== 0,
  };

/** The number with the fewest digits that is this float and no other: 0.1, not 0.10000000149011612. */
function shortestFloat(float: number): number {
  if (!Number.isFinite(float) || Number.isInteger(float)) return float;
  for (let digits = 6; digits < 9; digits++) {
    const shorter = Number(float.toPrecision(digits));
    if (Math.fround(shorter) === float) return shorter;
  }
  return Number(float.toPrecision(9));
}

function finite(value: number): ElementValue {
  return Number.isFinite(value) ? value : String(value);
}

/** `values` row by row as lists of lists. */
export function nestValues(values: readonly ElementValue[], shape: readonly number[]): NestedValues {
  let nested: readonly NestedValues[] = values;
  for (const length of shape.toReversed())
    nested = Array.from({ length: nested.length / length }, (_, row) =>
      nested.slice(row * length, (row + 1) * length),
    );
  return nested[0] ?? [];
}
