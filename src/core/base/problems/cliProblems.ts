import type { CatalogueEntry } from '../catalogueEntry';

/** What can go wrong while the command line is read. */
export const cliProblems = {
  'unknown-command': {
    severity: 'error',
    message: 'There is no command {command}.',
    remedy: 'Run `ssw --help`.',
  },
} as const satisfies Record<string, CatalogueEntry>;
