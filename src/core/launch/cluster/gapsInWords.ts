import type { SlotRange } from '../../plan/deploymentPlan';
import { slotsInWords } from '../../plan/slotRanges';
import type { ClusterGaps } from './clusterGaps';

/** Of a long list the first few tell enough. */
const mostNamed = 5;

/** What a cluster lacks, as the end of a sentence: `slots 0-5460 belong to no shard; db_1 does not know db_2`. */
export function gapsInWords({ silent, unassigned, unmet, disagreeing }: ClusterGaps): string {
  const facts = [
    unassigned.length > 0 ? [`slots ${someSlots(unassigned)} belong to no shard`] : [],
    silent.length > 0 ? [`no answer from ${some(silent)}`] : [],
    some(unmet.map(([knower, unknown]) => `${knower} does not know ${unknown}`)),
    disagreeing.length > 0 ? [`another table of slots at ${some(disagreeing)}`] : [],
  ].flat();
  const told = facts.filter((fact) => fact !== '');
  return told.length > 0 ? told.join('; ') : 'not every shard serves its slots yet';
}

/** Single slots in turns would be thousands of ranges. */
export function someSlots(ranges: readonly SlotRange[]): string {
  const more = ranges.length - mostNamed;
  return slotsInWords(ranges.slice(0, mostNamed)) + (more > 0 ? ` and in ${more} more ranges` : '');
}

function some(names: readonly string[]): string {
  const more = names.length - mostNamed;
  return [...names.slice(0, mostNamed), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
