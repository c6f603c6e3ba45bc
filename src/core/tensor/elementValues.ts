import type { TensorHead } from './readTensor';
import { elementBytes } from './tensorType';
import { splitTexts } from './texts';

/** An element as JSON and people read it: numbers that JSON cannot hold exactly, such as NaN and large integers, as text. */
export type ElementValue = number | string | boolean;

/** The first elements in `data`, which is as a server gives it; at most `most`. */
export function elementValues(
  { type }: Pick<TensorHead, 'type'>,
  data: Uint8Array,
  most: number,
): readonly ElementValue[] {
  if (type === 'STRING') {
    const texts = splitTexts(data).slice(0, most);
    return texts.map((text) => Buffer.from(text).toString('utf8'));
  }
  const bytes = elementBytes[type];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const count = Math.min(most, data.length / bytes);
  return Array.from({ length: count }, (_, index) => readers[type](view, index * bytes));
}

const readers: Readonly<
  Record<Exclude<TensorHead['type'], 'STRING'>, (view: DataView, at: number) => ElementValue>
> = {
  FLOAT: (view, at) => finite(view.getFloat32(at, true)),
  DOUBLE: (view, at) => finite(view.getFloat64(at, true)),
  INT8: (view, at) => view.getInt8(at),
  INT16: (view, at) => view.getInt16(at, true),
  INT32: (view, at) => view.getInt32(at, true),
  INT64: (view, at) => exact(view.getBigInt64(at, true)),
  UINT8: (view, at) => view.getUint8(at),
  UINT16: (view, at) => view.getUint16(at, true),
  BOOL: (view, at) => view.getUint8(at) !== 0,
};

function finite(value: number): ElementValue {
  return Number.isFinite(value) ? value : String(value);
}

function exact(value: bigint): ElementValue {
  return BigInt(Number(value)) === value && Number.isSafeInteger(Number(value))
    ? Number(value)
    : String(value);
}
