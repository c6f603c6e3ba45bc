import type { CatalogueEntry } from '../catalogueEntry';

/** What can go wrong while a plan is made. */
export const planProblems = {
  'executable-missing': {
    severity: 'error',
    message: 'Model {model}: the program {exe} was not found.',
    remedy: 'Check `exe`, or load the module that provides it before you launch.',
  },
} as const satisfies Record<string, CatalogueEntry>;
