import type { ShardPlan, SlotRange } from '../../plan/deploymentPlan';
import { slotsWithout } from '../../plan/slotRanges';
import { clusterGaps, isAt, ownSlots, type ClusterGaps, type ClusterView } from './clusterGaps';
import { dissents } from './dissent';

/** One command that brings a cluster nearer to its plan. Done twice, it does no harm. */
export type FormationStep =
  | { readonly kind: 'add-slots'; readonly shard: string; readonly slots: readonly SlotRange[] }
  | {
      readonly kind: 'assign-slots';
      readonly shard: string;
      readonly slots: readonly SlotRange[];
      /** Of the owner, as nodes know each other. */
      readonly id: string;
    }
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
  const unmet = gaps.unmet.filter((pair) => everyPair || (hub !== undefined && pair.includes(hub.name)));
  return [
    ...shards.flatMap(({ name, slots }): readonly FormationStep[] => {
      const missing = slotsWithout(slots, [...ownSlots(view.get(name)), ...unassigned]);
      return missing.length > 0 && view.has(name) ? [{ kind: 'add-slots', shard: name, slots: missing }] : [];
    }),
    ...assignments(shards, view),
    ...shards.flatMap(({ name }, index): readonly FormationStep[] =>
      isNew(view, name) ? [{ kind: 'set-epoch', shard: name, epoch: index + 1 }] : [],
    ),
    ...meetings(shards, unmet, view),
  ];
}

/**
 * Shards that name another owner of slots than the plan are told the right one, which costs no key: whoever claims the
 * slots himself is told first, and a server refuses where it holds keys of them; the others once nobody else claims them.
 */
function assignments(shards: readonly ShardPlan[], view: ClusterView): readonly FormationStep[] {
  // One that does not answer may claim them.
  if (view.size < shards.length) return [];
  return dissents(shards, view).flatMap(({ shard, slots, holder, owner }): readonly FormationStep[] => {
    const id = view.get(owner.name)?.find(({ myself }) => myself)?.id;
    if (id === undefined || !shards.some((one) => isAt(holder, one))) return [];
    const others = shards.filter((one) => one !== owner).flatMap(({ name }) => ownSlots(view.get(name)));
    const free = holder.myself ? slots : slotsWithout(slots, others);
    return free.length > 0 ? [{ kind: 'assign-slots', shard, slots: free, id }] : [];
  });
}

/** A node takes an epoch only while it knows nobody; different ones spare the cluster to settle them later. */
function isNew(view: ClusterView, shard: string): boolean {
  const known = view.get(shard);
  return known?.length === 1 && known[0]?.epoch === 0;
}

/** Each pair once, since a meeting serves both sides, and none whose meeting is under way. */
function meetings(
  shards: readonly ShardPlan[],
  unmet: ClusterGaps['unmet'],
  view: ClusterView,
): readonly FormationStep[] {
  const pairs = new Set(unmet.map((pair) => pair.join('\0')));
  const isUnmet = (one: ShardPlan, other: ShardPlan): boolean => pairs.has(`${one.name}\0${other.name}`);
  return shards.flatMap((one, index) =>
    shards.slice(index + 1).flatMap((other): readonly FormationStep[] => {
      if (!isUnmet(one, other) && !isUnmet(other, one)) return [];
      if (greets(view, one, other) || greets(view, other, one)) return [];
      // The earlier one begins, so the first wherever it takes part; one that does not answer begins nothing.
      const [beginner, second] = view.has(one.name) ? [one, other] : [other, one];
      return [{ kind: 'meet', shard: beginner.name, other: second }];
    }),
  );
}

/** A shard has been introduced to another, which has not answered it yet. */
function greets(view: ClusterView, { name }: ShardPlan, other: ShardPlan): boolean {
  return view.get(name)?.some((node) => node.state === 'handshake' && isAt(node, other)) ?? false;
}
