import { printableLine } from './printable';

/** A command line for people to read: words that a shell would split or change are in quotes. */
export function renderCommandLine(argv: readonly string[]): string {
  return argv.map(renderWord).join(' ');
}

function renderWord(word: string): string {
  const shown = printableLine(word);
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", `'\\''`)}'`;
}
