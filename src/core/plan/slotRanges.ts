import type { SlotRange } from './deploymentPlan';

/** Every key of a cluster belongs to one of these; fixed by Redis. */
export const slotCount = 16_384;

/**
 * The slots of each shard of a cluster, as `redis-cli --cluster create` gives them, so that keys lie where they
 * would lie in an orchestrator of SmartSim: even parts, each border rounded to the nearest slot.
 */
export function slotRanges(shards: number): readonly SlotRange[] {
  const border = (index: number): number => Math.floor((index * slotCount) / shards + 0.5);
  return Array.from({ length: shards }, (_, index) => [border(index), border(index + 1) - 1]);
}

/** The parts of `ranges` that no range of `others` covers, ascending. */
export function slotsWithout(
  ranges: readonly SlotRange[],
  others: readonly SlotRange[],
): readonly SlotRange[] {
  const taken = [...others].sort(ascending);
  return [...ranges].sort(ascending).flatMap(([from, to]) => {
    const rest: SlotRange[] = [];
    let next = from;
    for (const [first, last] of taken) {
      if (first > to) break;
      if (first > next) rest.push([next, first - 1]);
      next = Math.max(next, last + 1);
    }
    return next <= to ? [...rest, [next, to] as const] : rest;
  });
}

/** The parts of `ranges` that some range of `others` covers, ascending. */
export function slotsWithin(
  ranges: readonly SlotRange[],
  others: readonly SlotRange[],
): readonly SlotRange[] {
  return slotsWithout(ranges, slotsWithout(ranges, others));
}

function ascending([one]: SlotRange, [other]: SlotRange): number {
  return one - other;
}

/** `0-5460, 10923-16383`; a single slot as one number. */
export function slotsInWords(ranges: readonly SlotRange[]): string {
  return ranges.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(', ');
}
