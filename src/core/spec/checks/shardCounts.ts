import { orchestratorEntries } from '../entries';
import type { Check } from './check';

/** Every shard talks to every other, so the work to keep a cluster together grows with the square of their number. */
const mostShards = 64;

/** A cluster needs three shards to agree on which of them is gone, and has at most as many as can be kept together. */
export const shardCounts: Check = (file, report) => {
  for (const { path, section } of orchestratorEntries(file)) {
    const { db_nodes: shards = 1 } = section;
    if (shards === 2) report('two-shards', [...path, 'db_nodes']);
    if (shards > mostShards)
      report('too-many-shards', [...path, 'db_nodes'], { shards, maximum: mostShards });
  }
};
