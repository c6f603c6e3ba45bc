import { elementValues, type ElementValue } from './elementValues';
import type { ReadTensor } from './readTensor';

/** Elements that become text at a time. */
const atOnce = 16 * 1024;

/**
 * The bytes of a CSV file without a heading: one row of a matrix a line, one element of a vector a line. Of more
 * dimensions a line is a row of the last one, with its indices in all others before it. Every number is written with the
 * digits that it needs to be read back as it was; BOOL as 1 and 0. Throws what `chunks` throws.
 */
export async function* csvBytes({ type, shape, chunks }: ReadTensor): AsyncGenerator<Uint8Array> {
  const columns = shape.length < 2 ? 1 : (shape.at(-1) ?? 1);
  const outer = shape.length > 2 ? shape.slice(0, -1) : [];
  const encoder = new TextEncoder();
  let number = 0;
  for await (const chunk of chunks) {
    let text = '';
    for (const value of elementValues(type, chunk)) {
      const column = number % columns;
      if (column === 0) for (const index of indicesOf(number / columns, outer)) text += `${index},`;
      text += csvField(value) + (column === columns - 1 ? '\n' : ',');
      number += 1;
      if (number % atOnce === 0) {
        yield encoder.encode(text);
        text = '';
      }
    }
    yield encoder.encode(text);
  }
}

/** Where a row is in the dimensions outside of it. */
function indicesOf(row: number, outer: readonly number[]): readonly number[] {
  const indices: number[] = [];
  let rest = row;
  for (const length of outer.toReversed()) {
    indices.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return indices;
}

function csvField(value: ElementValue): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
