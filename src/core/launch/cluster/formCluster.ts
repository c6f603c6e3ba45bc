import { problem, type Problem } from '../../base/problem';
import { failure, success, type Result } from '../../base/result';
import type { OrchestratorPlan, ShardPlan } from '../../plan/deploymentPlan';
import { eitherSignal } from '../eitherSignal';
import type { LaunchContext } from '../launchContext';
import type { ShardSlots } from '../launchEvents';
import type { RecordedExit } from '../startProcess';
import { ownSlots } from './clusterGaps';
import { gapsInWords, someSlots } from './gapsInWords';
import { reconcileCluster, type HeldSlots, type ReconcileOptions } from './reconcileCluster';
import { accessIn } from './shardAccess';

type FormationTimes = Pick<ReconcileOptions, 'limit' | 'probation'>;

/**
 * Makes one cluster of the shards of an orchestrator, all of which have answered, and tells which slots each has
 * reported. The end of a shard ends it. Throws the signal's reason when it is aborted.
 */
export async function formCluster(
  context: LaunchContext,
  orchestrator: OrchestratorPlan,
  signal: AbortSignal,
  { limit, probation }: FormationTimes = { limit: context.limits.formation },
): Promise<Result<readonly ShardSlots[]>> {
  const { shards } = orchestrator;
  const { ended, stopWatching } = firstEnd(context, shards);
  try {
    context.emit({ type: 'cluster-forming', identifier: orchestrator.identifier });
    context.onStep({ name: 'forming', of: orchestrator.identifier });
    const { view, gaps, elsewhere } = await reconcileCluster(shards, accessIn(context), {
      limit,
      ...(probation === undefined ? {} : { probation }),
      signal: eitherSignal(signal, ended.signal),
      onStep: ({ kind, shard }) => {
        context.onStep({ name: kind, of: shard });
      },
    });
    if (elsewhere !== undefined) return failure(notMovable(context, orchestrator, elsewhere));
    if (gaps !== undefined) return failure(notFormed(context, orchestrator, limit, gapsInWords(gaps)));
    return success(shards.map(({ name }) => ({ shard: name, slots: ownSlots(view.get(name)) })));
  } catch (error) {
    signal.throwIfAborted();
    if (!ended.signal.aborted) throw error;
    const { cause } = ended.signal.reason as RecordedExit;
    return failure(cause ?? notFormed(context, orchestrator, limit, 'a shard has ended'));
  } finally {
    stopWatching();
  }
}

/** Aborted, with how it ended as the reason, when one of the shards has ended. */
function firstEnd(
  { processes }: LaunchContext,
  shards: readonly ShardPlan[],
): { readonly ended: AbortController; readonly stopWatching: () => void } {
  const ended = new AbortController();
  let watching = true;
  for (const { name } of shards) {
    void processes.get(name)?.exitRecorded.then((exit) => {
      if (watching) ended.abort(exit);
    });
  }
  return {
    ended,
    stopWatching: () => {
      watching = false;
    },
  };
}

function notFormed(
  context: LaunchContext,
  { identifier, at }: OrchestratorPlan,
  limit: number,
  missing: string,
): Problem {
  return problem(
    'cluster-not-formed',
    { orchestrator: identifier, seconds: limit / 1000, missing },
    { place: { file: context.plan.file, path: at } },
  );
}

function notMovable(
  context: LaunchContext,
  { identifier, at }: OrchestratorPlan,
  held: readonly HeldSlots[],
): Problem {
  const holders = [...new Set(held.map(({ holder }) => holder))].join(', ');
  const slots = someSlots(held.flatMap((one) => one.slots));
  return problem(
    'cluster-slots-elsewhere',
    { orchestrator: identifier, slots, holders },
    { place: { file: context.plan.file, path: at } },
  );
}
