import type { Problem } from '../../core/base/problem';
import { copiedKey, displayKey, parseTypedKey } from '../../core/redis/displayKey';
import { parseSlice } from '../../core/tensor/sliceText';
import { selectionFor } from '../../core/tensor/viewTensor';
import { codeFor } from '../../core/value/code/codeFor';
import type { CodeLanguage, CodeSubject } from '../../core/value/code/subject';
import { startInspector, type InspectorThread } from './inspectorThread';

/** What the Keys view and its commands need of the core. Loaded when a database is first looked into. */
export interface KeyCore {
  readonly startInspector: () => InspectorThread;
  /** The bytes of a name for people. */
  readonly displayKey: (name: Uint8Array, most?: number) => string;
  /** The bytes of a name as text from which `parseTypedKey` makes them again. */
  readonly copiedKey: (name: Uint8Array) => string;
  /** The bytes of a name as somebody has typed it, with the escapes of `displayKey`. */
  readonly parseTypedKey: (text: string) => Uint8Array;
  /** What is wrong with a slice of a tensor, if anything is. */
  readonly checkSlice: (
    text: string,
    key: Uint8Array,
    shape: readonly number[] | undefined,
  ) => Problem | undefined;
  /** A program that reads a key; undefined where none can. */
  readonly codeFor: (language: CodeLanguage, subject: CodeSubject) => string | undefined;
  /** Where deletions are written down. */
  readonly journal: string;
}

/** `program`: path of `inspector.js`. */
export function keyCore(program: string, journal: string): KeyCore {
  return {
    startInspector: () => startInspector(program),
    displayKey,
    copiedKey,
    parseTypedKey,
    checkSlice: (text, key, shape) => {
      const parsed = parseSlice(text);
      if (!parsed.ok) return parsed.problems[0];
      if (shape === undefined) return undefined;
      const fits = selectionFor(parsed.value, key, { shape });
      return fits.ok ? undefined : fits.problems[0];
    },
    codeFor,
    journal,
  };
}
