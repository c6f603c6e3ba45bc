import type { ShardPlan, SlotRange } from '../../plan/deploymentPlan';
import { slotCount, slotsWithout } from '../../plan/slotRanges';
import type { KnownNode } from '../../redis/clusterReplies';

/** One look at a cluster: what each shard that answered knows of its nodes, by name of the shard. */
export type ClusterView = ReadonlyMap<string, readonly KnownNode[]>;

/** What a cluster lacks to be the one of the plan. */
export interface ClusterGaps {
  /** Shards that did not answer. */
  readonly silent: readonly string[];
  /** Slots that no shard claims as its own: their keys can be neither read nor written. */
  readonly unassigned: readonly SlotRange[];
  /** Shards of which one does not know the other. */
  readonly unmet: readonly (readonly [knower: string, unknown: string])[];
  /** Shards whose table of slots is not the plan's, though every slot is somebody's. */
  readonly disagreeing: readonly string[];
}

/** Compares what the shards know with the plan. */
export function clusterGaps(shards: readonly ShardPlan[], view: ClusterView): ClusterGaps {
  const answered = shards.filter(({ name }) => view.has(name));
  const claimed = answered.flatMap(({ name }) => ownSlots(view.get(name)));
  const planned = tableOf(shards);
  return {
    silent: shards.filter(({ name }) => !view.has(name)).map(({ name }) => name),
    unassigned: slotsWithout([[0, slotCount - 1]], claimed),
    unmet: answered.flatMap((knower) => {
      const known = addressesKnown(view.get(knower.name));
      return shards
        .filter((shard) => !known.has(addressOf(shard)))
        .map(({ name }) => [knower.name, name] as const);
    }),
    disagreeing: answered
      .filter(({ name }) => tableOf(view.get(name) ?? []) !== planned)
      .map(({ name }) => name),
  };
}

/** Whether the cluster is the one of the plan, as far as tables can tell. */
export function isWhole({ silent, unassigned, unmet, disagreeing }: ClusterGaps): boolean {
  return silent.length + unassigned.length + unmet.length + disagreeing.length === 0;
}

/** The slots that a node claims itself; nothing it says of others counts. */
export function ownSlots(known: readonly KnownNode[] | undefined): readonly SlotRange[] {
  return known?.find(({ myself }) => myself)?.slots ?? [];
}

/** Whether a node is the one that the plan has at this address. */
export function isAt(node: KnownNode, { host, port }: ShardPlan): boolean {
  return node.host === host && node.port === port;
}

function addressesKnown(known: readonly KnownNode[] | undefined): ReadonlySet<string> {
  return new Set(known?.filter(({ state }) => state !== 'handshake').map(addressOf));
}

function addressOf({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host}:${port}`;
}

/** Who has which slots, as one text that can be compared. */
function tableOf(
  nodes: readonly { readonly host: string; readonly port: number; readonly slots: readonly SlotRange[] }[],
): string {
  return nodes
    .filter(({ slots }) => slots.length > 0)
    .map((node) => `${addressOf(node)} ${node.slots.map(([from, to]) => `${from}-${to}`).join(' ')}`)
    .sort()
    .join('\n');
}
