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
  let rest = [...ranges];
  for (const [from, to] of others) {
    rest = rest.flatMap(([first, last]): readonly SlotRange[] => {
      const before: SlotRange = [first, Math.min(last, from - 1)];
      const after: SlotRange = [Math.max(first, to + 1), last];
      return [before, after].filter(([one, other]) => one <= other);
    });
  }
  return rest.sort(([one], [other]) => one - other);
}

/** `0-5460, 10923-16383`; a single slot as one number. */
export function slotsInWords(ranges: readonly SlotRange[]): string {
  return ranges.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(', ');
}
