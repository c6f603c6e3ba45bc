import type { CatalogueEntry } from '../catalogueEntry';

/** What can go wrong while servers and models are started, watched and stopped. */
export const launchProblems = {
  'server-died-at-start': {
    severity: 'error',
    message: 'Shard {shard} ended with {ending} before it answered.',
    remedy: 'Read the last lines of its output below.',
  },
} as const satisfies Record<string, CatalogueEntry>;
