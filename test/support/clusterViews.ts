import type { ShardPlan, SlotRange } from '../../src/core/plan/deploymentPlan';
import { slotRanges } from '../../src/core/plan/slotRanges';
import type { ClusterView } from '../../src/core/launch/cluster/clusterGaps';
import type { KnownNode } from '../../src/core/redis/clusterReplies';

/** The shards of a cluster's plan: `db_0` on port 7000, and so on. */
export function clusterShards(count: number): readonly ShardPlan[] {
  return slotRanges(count).map((slots, index) => ({
    at: ['orchestrator'],
    name: `db_${index}`,
    host: '127.0.0.1',
    port: 7000 + index,
    busPort: 17_000 + index,
    slots: [slots],
    argv: ['/usr/bin/redis-server'],
    directory: '/run/shards',
    configuration: { path: '/run/redis.conf', text: '', lines: [] },
    out: '/run/logs/db.out',
    err: '/run/logs/db.err',
  }));
}

/** A shard as a node of its cluster says it is. */
export function nodeOf(shard: ShardPlan, more: Partial<KnownNode> = {}): KnownNode {
  const { host, port, slots } = shard;
  return { id: `id-${port}`, host, port, myself: false, state: 'ok', epoch: port - 6999, slots, ...more };
}

/** What all shards of a whole cluster know; `change` says what one of them knows of another instead, undefined: nothing. */
export function wholeView(
  shards: readonly ShardPlan[],
  change: (knower: ShardPlan, known: KnownNode) => KnownNode | undefined = (_, known) => known,
): ClusterView {
  return new Map(
    shards.map((knower) => [
      knower.name,
      shards.flatMap((shard) => change(knower, nodeOf(shard, { myself: shard === knower })) ?? []),
    ]),
  );
}

/** Servers that have just been started: each knows itself, and has no slots. */
export function newView(shards: readonly ShardPlan[]): ClusterView {
  const none: readonly SlotRange[] = [];
  return new Map(
    shards.map((shard) => [shard.name, [nodeOf(shard, { myself: true, epoch: 0, slots: none })]]),
  );
}
