import { orchestratorEntries } from '../entries';
import type { Check } from './check';

/** Shards of a cluster talk to each other on a second port, this much above the first. */
const busOffset = 10_000;
const highestPort = 65_535;

/** All ports of a cluster exist: the shards take consecutive ones, and each has a second port. */
export const clusterPorts: Check = (file, report) => {
  for (const { path, section } of orchestratorEntries(file)) {
    const { db_nodes: shards = 1, port } = section;
    const maximum = highestPort - busOffset - (shards - 1);
    if (shards > 1 && typeof port === 'number' && port > maximum) {
      report('port-too-high-for-cluster', [...path, 'port'], { port, shards, maximum });
    }
  }
};
