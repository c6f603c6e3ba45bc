/** Whether a name is looked for. */
export type NameMatch = (name: Uint8Array) => boolean;

const star = 0x2a;
const anyByte = 0x3f;
const classBegin = 0x5b;
const classEnd = 0x5d;
const not = 0x5e;
const range = 0x2d;
const escape = 0x5c;

/** One byte of a name: which ones may stand there. `undefined`: any number of any bytes. */
type Part = Uint8Array | undefined;

/**
 * Names that match a pattern exactly as SCAN's MATCH has it, in Redis 7 too where that surprises: a class that nothing ends, a
 * range written backwards, and the empty name, which only an empty pattern and `*` match. Takes at most the product of both
 * lengths.
 */
export function matchGlob(pattern: Uint8Array): NameMatch {
  if (pattern.length === 1 && pattern[0] === star) return () => true;
  const parts = partsOf(pattern);
  return (name) => {
    if (name.length === 0) return parts.length === 0;
    let part = 0;
    let at = 0;
    // Where the last star stands, and how far it reaches so far: none before it has to reach further.
    let lastStar = -1;
    let reach = 0;
    while (at < name.length) {
      const wanted = parts[part];
      if (part < parts.length && wanted === undefined) {
        lastStar = part++;
        reach = at;
      } else if (wanted?.[name[at] ?? 0] === 1) {
        part++;
        at++;
      } else if (lastStar >= 0) {
        part = lastStar + 1;
        at = ++reach;
      } else return false;
    }
    while (part < parts.length && parts[part] === undefined) part++;
    return part === parts.length;
  };
}

/** Names in which a text occurs. Without capital letters in it, capital and small letters of ASCII are the same. */
export function matchText(text: Uint8Array): NameMatch {
  const folded = text.some((byte) => byte >= 0x41 && byte <= 0x5a) ? undefined : foldCase;
  const [first = 0] = text;
  return (name) => {
    const last = name.length - text.length;
    for (let at = 0; at <= last; at++) {
      let index = 0;
      while (index < text.length) {
        const byte = name[at + index] ?? 0;
        if ((folded === undefined ? byte : folded(byte)) !== (index === 0 ? first : text[index])) break;
        index++;
      }
      if (index === text.length) return true;
    }
    return false;
  };
}

function foldCase(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}

function partsOf(pattern: Uint8Array): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const byte = pattern[at] ?? 0;
    if (byte === star) parts.push(undefined);
    else if (byte === anyByte) parts.push(new Uint8Array(256).fill(1));
    else if (byte === classBegin) {
      const { allowed, end } = classAt(pattern, at + 1);
      parts.push(allowed);
      at = end;
    } else if (byte === escape && at + 1 < pattern.length) parts.push(oneOf(pattern[++at] ?? 0));
    else parts.push(oneOf(byte));
  }
  return parts;
}

function oneOf(byte: number): Uint8Array {
  const allowed = new Uint8Array(256);
  allowed[byte] = 1;
  return allowed;
}

/** A class, from behind its bracket to its last byte. */
function classAt(pattern: Uint8Array, begin: number): { readonly allowed: Uint8Array; readonly end: number } {
  const allowed = new Uint8Array(256);
  const isNot = pattern[begin] === not;
  let at = isNot ? begin + 1 : begin;
  for (; at < pattern.length && pattern[at] !== classEnd; at++) {
    const byte = pattern[at] ?? 0;
    if (byte === escape && at + 1 < pattern.length) allowed[pattern[++at] ?? 0] = 1;
    else if (pattern[at + 1] === range && at + 2 < pattern.length) {
      const other = pattern[at + 2] ?? 0;
      allowed.fill(1, Math.min(byte, other), Math.max(byte, other) + 1);
      at += 2;
    } else allowed[byte] = 1;
  }
  return { allowed: isNot ? allowed.map((one) => 1 - one) : allowed, end: at };
}
