import type { CatalogueEntry } from '../catalogueEntry';

/** What can go wrong while this machine is looked at. */
export const siteProblems = {
  'no-server': {
    severity: 'error',
    message: 'No Redis or Valkey server was found on this machine.',
    remedy: 'Run `ssw doctor --install-server`, or set `smartsim.server.path` or REDIS_PATH to a server.',
  },
} as const satisfies Record<string, CatalogueEntry>;
