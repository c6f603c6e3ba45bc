/**
 * Milliseconds after which a node of a cluster that has not answered is suspected. Also the pace of news: each node
 * hears of the others' slots within half of it.
 */
export const nodeTimeouts = {
  /** Upstream's; in the configuration, so that a server has it whatever happens to whoever started it. */
  life: 15_000,
  /** While the cluster is formed or mended. */
  forming: 1000,
} as const;
