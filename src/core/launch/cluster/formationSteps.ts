import type { ShardPlan, SlotRange } from '../../plan/deploymentPlan';
import { slotsWithout } from '../../plan/slotRanges';
import { clusterGaps, ownSlots, type ClusterView } from './clusterGaps';

/** One command that brings a cluster nearer to its plan. Done twice, it does no harm. */
export type FormationStep =
  | { readonly kind: 'add-slots'; readonly shard: string; readonly slots: readonly SlotRange[] }
  | { readonly kind: 'set-epoch'; readonly shard: string; readonly epoch: number }
  | { readonly kind: 'meet'; readonly shard: string; readonly other: ShardPlan };

/**
 * What is to be done next. The first shard meets each other one, and news travel from there; `everyPair` also lets
 * shards meet directly that still do not know each other.
 */
export function formationSteps(
  shards: readonly ShardPlan[],
  view: ClusterView,
  { everyPair }: { readonly everyPair: boolean },
): readonly FormationStep[] {
  const gaps = clusterGaps(shards, view);
  const unassigned = slotsWithout([[0, Infinity]], gaps.unassigned);
  const [hub] = shards;
  const byName = new Map(shards.map((shard) => [shard.name, shard]));
  const meetings = gaps.unmet.filter(([one, other]) => everyPair || one === hub?.name || other === hub?.name);
  return [
    ...shards.flatMap(({ name, slots }): readonly FormationStep[] => {
      const missing = slotsWithout(slots, [...ownSlots(view.get(name)), ...unassigned]);
      return missing.length > 0 && view.has(name) ? [{ kind: 'add-slots', shard: name, slots: missing }] : [];
    }),
    ...shards.flatMap(({ name }, index): readonly FormationStep[] =>
      isNew(view, name) ? [{ kind: 'set-epoch', shard: name, epoch: index + 1 }] : [],
    ),
    ...uniquePairs(meetings, hub?.name).flatMap(([shard, name]): readonly FormationStep[] => {
      const other = byName.get(name);
      return other === undefined ? [] : [{ kind: 'meet', shard, other }];
    }),
  ];
}

/** A node takes an epoch only while it knows nobody; different ones spare the cluster to settle them later. */
function isNew(view: ClusterView, shard: string): boolean {
  const known = view.get(shard);
  return known?.length === 1 && known[0]?.epoch === 0;
}

/** A meeting serves both sides; the hub begins those that it takes part in. */
function uniquePairs(
  pairs: readonly (readonly [string, string])[],
  hub: string | undefined,
): readonly (readonly [string, string])[] {
  const seen = new Map<string, readonly [string, string]>();
  for (const [one, other] of pairs) {
    const pair =
      other === hub || (one !== hub && other < one) ? ([other, one] as const) : ([one, other] as const);
    seen.set(pair.join('\0'), pair);
  }
  return [...seen.values()];
}
