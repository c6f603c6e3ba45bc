/** A value, or a part of it, as text that people read. */
export interface ValueText {
  readonly text: string;
  readonly language: 'plaintext' | 'json';
  /** There is more. */
  readonly partial: boolean;
  /** Rights that were missing: names of commands. */
  readonly missing: readonly string[];
}

/** Bytes of a string that are read. */
export const mostBytes = 64 * 1024;
/** Fields, elements, members or entries that are read. */
export const mostElements = 200;

/** What is shown of how much, in one line. */
export function shownOf(shown: number, of: number, what: string): string {
  return shown >= of ? `${grouped(of)} ${what}` : `the first ${grouped(shown)} of ${grouped(of)} ${what}`;
}

/** The same where they are not the first. */
export function partOf(shown: number, start: number, of: number, what: string): string {
  return `${grouped(shown)} ${what} from ${grouped(start)} on, of ${grouped(of)}`;
}

/** `1 234 567`, with spaces that do not break. */
function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, '\u00a0');
}
