import type { ShardPlan, SlotRange } from '../../plan/deploymentPlan';
import { slotsWithin, slotsWithout } from '../../plan/slotRanges';
import type { KnownNode } from '../../redis/clusterReplies';
import { isAt, type ClusterView } from './clusterGaps';

/** Slots of which a shard says that another has them than the plan says. That it knows no owner is no dissent. */
export interface Dissent {
  /** Which says so. */
  readonly shard: string;
  readonly slots: readonly SlotRange[];
  /** As the shard says; perhaps itself, perhaps a node that is not in the plan. */
  readonly holder: KnownNode;
  /** By the plan. */
  readonly owner: ShardPlan;
}

/** Where shards that answered name another owner of slots than the plan does. */
export function dissents(shards: readonly ShardPlan[], view: ClusterView): readonly Dissent[] {
  return shards.flatMap(({ name: shard }) =>
    (view.get(shard) ?? []).flatMap((holder): readonly Dissent[] => {
      if (holder.slots.length === 0) return [];
      const planned = shards.find((one) => isAt(holder, one))?.slots ?? [];
      const misplaced = slotsWithout(holder.slots, planned);
      if (misplaced.length === 0) return [];
      return shards
        .map((owner) => ({ shard, slots: slotsWithin(misplaced, owner.slots), holder, owner }))
        .filter(({ slots }) => slots.length > 0);
    }),
  );
}
