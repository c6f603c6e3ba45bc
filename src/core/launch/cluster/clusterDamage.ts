import { problem, type Problem } from '../../base/problem';
import type { ShardPlan } from '../../plan/deploymentPlan';
import { slotsWithout } from '../../plan/slotRanges';
import type { ClusterState, KnownNode } from '../../redis/clusterReplies';
import { clusterGaps, ownSlots } from './clusterGaps';
import { gapsInWords } from './gapsInWords';

/** What each shard that answered says of its cluster. */
export type ClusterAnswers = ReadonlyMap<
  string,
  { readonly state: ClusterState; readonly known: readonly KnownNode[] }
>;

/**
 * What is wrong with a cluster that was whole once, and the shards at which it shows: those that do not serve, lack
 * slots or peers, or disagree with the plan. undefined: nothing. That a shard does not answer is no damage yet.
 */
export function clusterDamage(
  orchestrator: string,
  shards: readonly ShardPlan[],
  answers: ClusterAnswers,
): { readonly cause: Problem; readonly shards: readonly string[] } | undefined {
  const view = new Map([...answers].map(([shard, { known }]) => [shard, known]));
  const gaps = clusterGaps(shards, view);
  const lonely = new Set(gaps.unmet.map(([knower]) => knower));
  const disagreeing = new Set(gaps.disagreeing);
  const damaged = shards.filter(({ name, slots }) => {
    const answer = answers.get(name);
    if (answer === undefined) return false;
    const lacks = slotsWithout(slots, ownSlots(answer.known)).length > 0;
    return !answer.state.ok || lacks || lonely.has(name) || disagreeing.has(name);
  });
  if (damaged.length === 0) return undefined;
  const cause = problem('cluster-damaged', { orchestrator, missing: gapsInWords(gaps) });
  return { cause, shards: damaged.map(({ name }) => name) };
}
