import { orchestratorNode, shardNode, type NodeContext, type RunState } from '../entityNodes';
import type { ViewNode } from '../viewNode';

/** SmartSim's name for an orchestrator that was given none. */
const unnamed = 'orchestrator';

/** Every orchestrator that has not been stopped, and its shards; what failed stays until its run is stopped. */
export function orchestratorNodes(runs: readonly RunState[], context: NodeContext): readonly ViewNode[] {
  const unstopped = runs.filter(({ snapshot }) => snapshot.phase !== 'stopped');
  return unstopped.flatMap((run) =>
    run.snapshot.orchestrators
      .filter(({ phase }) => phase !== 'stopped')
      .map((orchestrator) =>
        orchestratorNode(
          run,
          orchestrator,
          {
            label:
              orchestrator.id === unnamed
                ? run.snapshot.experiment
                : `${run.snapshot.experiment}/${orchestrator.id}`,
            children: orchestrator.shards.map((shard) =>
              shardNode(run, shard, { ...context, alone: orchestrator.shards.length === 1 }),
            ),
          },
          context,
        ),
      ),
  );
}
