import { joinBytes, utf8 } from '../../base/bytes';
import type { Words } from './reply';

/** The bytes of a command (RESP2): a list of texts. */
export function encodeCommand(words: Words): Uint8Array {
  const parts = [utf8(`*${words.length}\r\n`)];
  for (const word of words) {
    const bytes = typeof word === 'string' ? utf8(word) : word;
    parts.push(utf8(`$${bytes.length}\r\n`), bytes, lineEnd);
  }
  return joinBytes(parts);
}

const lineEnd = utf8('\r\n');
