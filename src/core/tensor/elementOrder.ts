import { elementCount } from './tensorType';

/** Turns the bytes of each element around, in place. `data` holds whole elements. */
export function swapBytes(data: Uint8Array, bytes: number): void {
  const whole = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (bytes === 2) whole.swap16();
  else if (bytes === 4) whole.swap32();
  else if (bytes === 8) whole.swap64();
}

/** The same elements row by row that `data` holds column by column. */
export function rowByRow(data: Uint8Array, shape: readonly number[], bytes: number): Uint8Array {
  const ordered = new Uint8Array(data.length);
  /** How far apart two neighbours of each dimension lie in `data`. */
  const steps = shape.map((_, dimension) => elementCount(shape.slice(0, dimension)) * bytes);
  const position = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < data.length; to += bytes) {
    for (let byte = 0; byte < bytes; byte++) ordered[to + byte] = data[from + byte] ?? 0;
    for (let dimension = shape.length - 1; dimension >= 0; dimension--) {
      const step = steps[dimension] ?? 0;
      const length = shape[dimension] ?? 1;
      const next = (position[dimension] ?? 0) + 1;
      from += step;
      position[dimension] = next;
      if (next < length) break;
      from -= step * length;
      position[dimension] = 0;
    }
  }
  return ordered;
}
