import { joinBytes } from '../base/bytes';

/** More characters of a key are not shown. */
const mostShown = 512;

/** What is seen as it is: for most keys there is nothing to look at twice. */
const plain = /^[ -[\]-~]*$/;

/** Characters that cannot be seen, or that turn the direction of what stands around them. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Zs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800]/u;

/**
 * A key, or a part of one, as text for people: the one way in which keys are shown. Valid UTF-8 stays as it is; control characters
 * and bytes that are no UTF-8 become `\xNN`, what cannot be seen or turns the direction of writing `\u{…}`, and a backslash
 * `\\`. More than `most` characters are cut and end with `…`; from what is not cut, `parseTypedKey` makes the same bytes again.
 * The empty key is an empty text.
 */
export function displayKey(key: Uint8Array, most = mostShown): string {
  if (key.length <= most) {
    const text = Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1');
    if (plain.test(text)) return text;
  }
  const shown: string[] = [];
  for (let at = 0; at < key.length;) {
    if (shown.length === most) return `${shown.join('')}…`;
    const length = characterLength(key, at);
    shown.push(length === 0 ? escapedByte(key[at] ?? 0) : shownCharacter(key.subarray(at, at + length)));
    at += Math.max(length, 1);
  }
  return shown.join('');
}

/**
 * A name as text to be copied: as it is where every character can be seen and `parseTypedKey` takes it so, else as it is shown. It
 * is never cut, and `parseTypedKey` makes the same bytes of it.
 */
export function copiedKey(key: Uint8Array): string {
  const shown = displayKey(key, Infinity);
  const plain = shown.replaceAll('\\\\', '\\');
  const isExact = [encoder.encode(plain), parseTypedKey(plain)].every(
    (bytes) => Buffer.compare(bytes, key) === 0,
  );
  return isExact ? plain : shown;
}

const encoder = new TextEncoder();
const backslash = 0x5c;
/** Bytes that a pattern of Redis does not take as they are, everywhere or between brackets. */
const specialInPatterns = new Set(encoder.encode('*?[]^-\\'));

/** The bytes of a key as somebody has typed it, with the escapes of `displayKey`. A backslash before anything else is one. */
export function parseTypedKey(text: string): Uint8Array {
  return unescaped(text, (bytes) => bytes);
}

/**
 * A pattern as somebody has typed it: as Redis understands patterns, with the escapes of `displayKey` besides, of which each stands
 * for itself. A name as it is shown, with a backslash before each `*`, `?` and `[`, is a pattern for that name alone.
 */
export function parseTypedPattern(text: string): Uint8Array {
  return unescaped(text, (bytes) => {
    const [only = 0] = bytes;
    return bytes.length === 1 && specialInPatterns.has(only) ? Uint8Array.of(backslash, only) : bytes;
  });
}

function unescaped(text: string, literally: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const found of text.matchAll(/\\(?:\\|x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,6})\})/g)) {
    const [escape, byte, character] = found;
    const escaped =
      byte !== undefined
        ? Uint8Array.of(parseInt(byte, 16))
        : character !== undefined
          ? bytesOfCharacter(parseInt(character, 16))
          : Uint8Array.of(backslash);
    if (escaped === undefined) continue;
    parts.push(encoder.encode(text.slice(end, found.index)), literally(escaped));
    end = found.index + escape.length;
  }
  parts.push(encoder.encode(text.slice(end)));
  return joinBytes(parts);
}

function bytesOfCharacter(code: number): Uint8Array | undefined {
  const isCharacter = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? encoder.encode(String.fromCodePoint(code)) : undefined;
}

function escapedByte(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

function shownCharacter(bytes: Uint8Array): string {
  const character = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  if (character === ' ') return character;
  if (character === '\\') return '\\\\';
  if (!hidden.test(character)) return character;
  const [first = 0] = bytes;
  return first < 0x80 ? escapedByte(first) : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** Bytes of the UTF-8 character at a place; 0 where there is none. */
function characterLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + length > bytes.length) return 0;
  for (let index = 1; index < length; index++) if (((bytes[at + index] ?? 0) & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1] ?? 0;
  // Forms that are longer than needed, halves of UTF-16 pairs, and what lies above the last character.
  const refused =
    (first === 0xe0 && second < 0xa0) ||
    (first === 0xed && second > 0x9f) ||
    (first === 0xf0 && second < 0x90) ||
    (first === 0xf4 && second > 0x8f);
  return refused ? 0 : length;
}
