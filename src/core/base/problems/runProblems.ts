import type { CatalogueEntry } from '../catalogueEntry';

/** What can go wrong while runs are recorded, found and spoken to. */
export const runProblems = {
  'run-already-live': {
    severity: 'error',
    message: '{experiment} is running already (run {id}).',
    remedy: 'Stop it first, or look at it in the side bar or with `ssw status`.',
  },
} as const satisfies Record<string, CatalogueEntry>;
