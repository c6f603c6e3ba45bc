import { orchestratorEntries } from '../entries';
import type { Check } from './check';

/** A cluster needs three shards to agree on which of them is gone. */
export const shardCounts: Check = (file, report) => {
  for (const { path, section } of orchestratorEntries(file)) {
    if (section.db_nodes === 2) report('two-shards', [...path, 'db_nodes']);
  }
};
