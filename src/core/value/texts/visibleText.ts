/** Characters that would move, hide or reorder what is around them: each is shown by its number. */
const harmful = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu;

/**
 * Bytes of any value for people, as UTF-8 in one line: bytes that are none are shown as `\xff`, what cannot be seen as
 * `\u{202e}`, and a backslash as two, so that different bytes have different texts.
 */
export function visibleLine(bytes: Uint8Array): string {
  return pieces(bytes, (text) => text.replaceAll('\\', '\\\\').replace(harmful, byNumber));
}

/** The same in lines as they are, for reading: line ends and tabs stay, and backslashes are what they are. */
export function visibleLines(bytes: Uint8Array): string {
  return pieces(bytes, visibleCharacters);
}

/** A text with what cannot be seen shown by its number; line ends and tabs stay. */
export function visibleCharacters(text: string): string {
  return text.replace(harmful, (found) => (found === '\n' || found === '\t' ? found : byNumber(found)));
}

function byNumber(found: string): string {
  if (found === '\n') return String.raw`\n`;
  if (found === '\t') return String.raw`\t`;
  if (found === '\r') return String.raw`\r`;
  return `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`;
}

/** Runs of UTF-8 as `shown` gives them, and what is none byte by byte. */
function pieces(bytes: Uint8Array, shown: (text: string) => string): string {
  let text = '';
  for (let from = 0; from < bytes.length;) {
    const end = endOfText(bytes, from);
    if (end > from) text += shown(decoder.decode(bytes.subarray(from, end)));
    if (end < bytes.length) text += `\\x${(bytes[end] ?? 0).toString(16).padStart(2, '0')}`;
    from = end + 1;
  }
  return text;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Where the run of whole characters that begins at `from` ends. */
function endOfText(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length) {
    const length = characterBytes(bytes, at);
    if (length === 0) break;
    at += length;
  }
  return at;
}

/** Of the character that begins here; 0 where none does. */
function characterBytes(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length =
    first >= 0xc2 && first < 0xe0
      ? 2
      : first >= 0xe0 && first < 0xf0
        ? 3
        : first >= 0xf0 && first < 0xf5
          ? 4
          : 0;
  for (let next = 1; next < length; next += 1) if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1] ?? 0;
  const tooLong = (first === 0xe0 && second < 0xa0) || (first === 0xf0 && second < 0x90);
  const noCharacter = (first === 0xed && second > 0x9f) || (first === 0xf4 && second > 0x8f);
  return tooLong || noCharacter ? 0 : length;
}
