/** Each element of STRING as a server gives it ends with a NUL: the elements without it. */
export function splitTexts(blob: Uint8Array): readonly Uint8Array[] {
  const texts: Uint8Array[] = [];
  for (let from = 0; from < blob.length;) {
    const end = blob.indexOf(0, from);
    texts.push(blob.subarray(from, end < 0 ? blob.length : end));
    from = end < 0 ? blob.length : end + 1;
  }
  return texts;
}

/** As a server takes them. */
export function joinTexts(texts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(texts.reduce((bytes, text) => bytes + text.length + 1, 0));
  let to = 0;
  for (const text of texts) {
    joined.set(text, to);
    to += text.length + 1;
  }
  return joined;
}

/** All of the same length, filled up with NULs, as numpy's `S` has them. */
export function padTexts(texts: readonly Uint8Array[]): {
  readonly bytes: number;
  readonly data: Uint8Array;
} {
  const bytes = texts.reduce((longest, { length }) => Math.max(longest, length), 1);
  const data = new Uint8Array(bytes * texts.length);
  for (const [index, text] of texts.entries()) data.set(text, index * bytes);
  return { bytes, data };
}

/** Elements of numpy's `S`, without what fills them up. */
export function unpadTexts(data: Uint8Array, bytes: number): readonly Uint8Array[] {
  return parts(data, bytes).map((part) => {
    let length = part.length;
    while (length > 0 && part[length - 1] === 0) length -= 1;
    return part.subarray(0, length);
  });
}

/** Elements of numpy's `U` (32-bit characters, in this machine's order), as UTF-8; undefined: one is no character. */
export function unicodeTexts(data: Uint8Array, bytes: number): readonly Uint8Array[] | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const texts: Uint8Array[] = [];
  for (let from = 0; from < data.length; from += bytes) {
    const characters: number[] = [];
    for (let at = from; at < from + bytes; at += 4) characters.push(view.getUint32(at, true));
    while (characters.at(-1) === 0) characters.pop();
    if (!characters.every(isCharacter)) return undefined;
    texts.push(new TextEncoder().encode(characters.map((code) => String.fromCodePoint(code)).join('')));
  }
  return texts;
}

function isCharacter(code: number): boolean {
  return code <= 0x10_ff_ff && (code < 0xd8_00 || code > 0xdf_ff);
}

function parts(data: Uint8Array, bytes: number): readonly Uint8Array[] {
  if (bytes === 0) return [];
  return Array.from({ length: data.length / bytes }, (_, index) =>
    data.subarray(index * bytes, (index + 1) * bytes),
  );
}
