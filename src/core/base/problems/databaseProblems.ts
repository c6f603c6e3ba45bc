import type { CatalogueEntry } from '../catalogueEntry';

/** What can go wrong while a database is connected to and looked at. */
export const databaseProblems = {
  'database-unreachable': {
    severity: 'error',
    message: 'The database {database} could not be reached ({reasons}).',
    remedy: 'Check that it runs and that the address is right.',
  },
} as const satisfies Record<string, CatalogueEntry>;
