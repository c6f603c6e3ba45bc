import { elementValues } from '../../tensor/elementValues';
import { elementBytes, elementCount, type TensorType } from '../../tensor/tensorType';
import { nestedText } from './nestedText';
import { prettyJson } from './prettyJson';
import { mostBytes, partOf, shownOf, type ValueText } from './valueText';
import { visibleLines } from './visibleText';

/** How the bytes of a string are read. */
export type StringForm =
  | { readonly as: 'text' | 'json' | 'hex' }
  | { readonly as: 'array'; readonly type: Exclude<TensorType, 'STRING'>; readonly shape: readonly number[] };

/** Bytes of a string that somebody wants to see. */
export interface StringPart {
  readonly start: number;
  readonly count: number;
}

/** A string of `length` bytes, of which `bytes` are the first, or the first of a part, as somebody wants to read it. */
export function stringText(
  bytes: Uint8Array,
  length: number,
  form: StringForm,
  part?: StringPart,
): Omit<ValueText, 'missing'> {
  const partial = bytes.length < length;
  const shown =
    part === undefined
      ? shownOf(bytes.length, length, 'bytes')
      : partOf(bytes.length, part.start, length, 'bytes');
  const head = `# string, ${shown}\n`;
  const plain = (text: string): Omit<ValueText, 'missing'> => ({
    text: head + text,
    language: 'plaintext',
    partial,
  });
  switch (form.as) {
    case 'text':
      return plain(visibleLines(bytes));
    case 'hex':
      return plain(hexDump(bytes, part?.start));
    case 'json': {
      if (partial)
        return plain(`# too long to be read as JSON: ${mostBytes} bytes are read\n${visibleLines(bytes)}`);
      const json = prettyJson(bytes);
      // JSON has no comments: no head line.
      if (json !== undefined) return { text: json, language: 'json', partial };
      return plain(`# no JSON\n${visibleLines(bytes)}`);
    }
    case 'array':
      return plain(arrayText(bytes, part?.count ?? length, form));
  }
}

function arrayText(
  bytes: Uint8Array,
  length: number,
  { type, shape }: Extract<StringForm, { readonly as: 'array' }>,
): string {
  const wanted = elementCount(shape) * elementBytes[type];
  const name = `${type} ${shape.length === 0 ? 'scalar' : shape.join(' × ')}`;
  if (wanted !== length) return `# no ${name}: that has ${wanted} bytes\n`;
  const whole = bytes.subarray(0, bytes.length - (bytes.length % elementBytes[type]));
  return `# ${name}, little-endian\n${nestedText(elementValues(type, whole), shape)}\n`;
}

/** Sixteen bytes a line, of which the first is at `start`: where they are, what they are, and those of them that are letters and signs. */
export function hexDump(bytes: Uint8Array, start = 0): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 16) {
    const row = Array.from(bytes.subarray(at, at + 16));
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0'));
    const halves = `${hex.slice(0, 8).join(' ')}  ${hex.slice(8).join(' ')}`.padEnd(48);
    const letters = row.map((byte) => (byte > 0x1f && byte < 0x7f ? String.fromCharCode(byte) : '.'));
    text += `${(start + at).toString(16).padStart(8, '0')}  ${halves}  ${letters.join('')}\n`;
  }
  return text;
}
