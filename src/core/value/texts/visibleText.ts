import { utf8 } from '../../base/bytes';
import { displayKey } from '../../redis/displayKey';

/** Bytes of any value in one line, as keys are shown: nothing hides, moves or reorders what is around it. */
export function visibleLine(bytes: Uint8Array): string {
  return displayKey(bytes, Infinity);
}

/** Text from outside in one line, cut where it is long. */
export function visibleWord(text: string): string {
  return displayKey(utf8(text));
}

/** What stays as it is where a text is read in its lines. A backslash too: what follows it is seldom an escape of ours. */
const kept = new Set(Array.from('\n\t\\', (character) => character.charCodeAt(0)));

/** The same in lines as they are, for reading. */
export function visibleLines(bytes: Uint8Array): string {
  let text = '';
  let from = 0;
  for (const [at, byte] of bytes.entries()) {
    if (!kept.has(byte)) continue;
    text += visibleLine(bytes.subarray(from, at)) + String.fromCharCode(byte);
    from = at + 1;
  }
  return text + visibleLine(bytes.subarray(from));
}
