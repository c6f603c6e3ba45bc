const printable = (byte: number): boolean => byte > 0x1f && byte < 0x7f;

/** Bytes in quotes for C and C++: what is no letter or sign in three octal digits, which no digit behind them can join. */
export function cLiteral(bytes: Uint8Array): string {
  const parts = Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte);
    // A question mark could be a part of a trigraph.
    if (printable(byte) && !'"\\?'.includes(character)) return character;
    return `\\${byte.toString(8).padStart(3, '0')}`;
  });
  return `"${parts.join('')}"`;
}

/** Text in quotes for Python; undefined where the bytes are no text. */
export function pythonText(bytes: Uint8Array): string | undefined {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
  const parts = Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (printable(code)) return character === '"' || character === '\\' ? `\\${character}` : character;
    return code < 0x1_00_00
      ? `\\u${code.toString(16).padStart(4, '0')}`
      : `\\U${code.toString(16).padStart(8, '0')}`;
  });
  return `"${parts.join('')}"`;
}

/** Bytes in quotes for Python. */
export function pythonBytes(bytes: Uint8Array): string {
  const parts = Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte);
    if (printable(byte)) return character === '"' || character === '\\' ? `\\${character}` : character;
    return `\\x${byte.toString(16).padStart(2, '0')}`;
  });
  return `b"${parts.join('')}"`;
}

/** Letters of a Fortran literal in one line: a line has at most 132. */
const mostInLine = 80;

/** Bytes as an expression of Fortran, over several lines where it is long. */
export function fortranText(bytes: Uint8Array): string {
  const parts: string[] = [];
  let letters = '';
  const flush = (): void => {
    if (letters !== '') parts.push(`"${letters.replaceAll('"', '""')}"`);
    letters = '';
  };
  for (const byte of bytes) {
    // Compilers may read a backslash as an escape.
    if (printable(byte) && byte !== 0x5c) letters += String.fromCharCode(byte);
    else {
      flush();
      // Beyond ASCII, achar may give anything.
      parts.push(`${byte < 0x80 ? 'achar' : 'char'}(${byte})`);
    }
    if (letters.length === mostInLine / 2) flush();
  }
  flush();
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length < mostInLine)
      lines[lines.length - 1] = `${last} // ${part}`;
    else lines.push(part);
  }
  return lines.length === 0 ? '""' : lines.join(' // &\n    ');
}
