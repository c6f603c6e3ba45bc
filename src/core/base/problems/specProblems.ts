import type { CatalogueEntry } from '../catalogueEntry';

/** What can go wrong while a file is read and checked. */
export const specProblems = {
  'not-supported-yet': {
    severity: 'error',
    message: '{what} is not supported yet.',
    remedy: 'Remove it, or wait for a later version.',
  },
} as const satisfies Record<string, CatalogueEntry>;
