import type { ElementValue } from '../../tensor/elementValues';

/** Dimensions deeper than this are written in one line. */
const deepest = 32;

/**
 * Elements row by row in brackets, as numpy prints them: a row of the last dimension a line, an empty line between matrices. There
 * may be fewer than the shape has: then it ends where they do, with `…`.
 */
export function nestedText(values: readonly ElementValue[], shape: readonly number[]): string {
  const texts = values.map(elementText);
  const [only = '…'] = texts;
  if (shape.length === 0) return only;
  const width = texts.reduce((most, { length }) => Math.max(most, length), 0);
  let at = 0;
  const block = (dimension: number): string => {
    const length = shape[dimension] ?? 0;
    const parts: string[] = [];
    for (let index = 0; index < length; index += 1) {
      if (at >= texts.length) {
        parts.push('…');
        break;
      }
      if (dimension === shape.length - 1) parts.push((texts[at++] ?? '').padStart(width));
      else parts.push(block(dimension + 1));
    }
    const inner = shape.length - dimension - 1;
    const between =
      inner === 0 || dimension >= deepest
        ? ' '
        : `${'\n'.repeat(Math.min(inner, 2))}${' '.repeat(dimension + 1)}`;
    return `[${parts.join(between)}]`;
  };
  return block(0);
}

/** An element as it is read back: numbers with the digits that they need, texts in quotes. */
export function elementText(value: ElementValue): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return Object.is(value, -0) ? '-0' : String(value);
}
