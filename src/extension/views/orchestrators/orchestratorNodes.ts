import { orchestratorNode, shardNode, type NodeContext, type RunState } from '../entityNodes';
import { experimentNames } from '../experimentNames';
import type { ViewNode } from '../viewNode';

/** SmartSim's name for an orchestrator that was given none. */
const unnamed = 'orchestrator';

/** Every orchestrator that has not been stopped, and its shards; what failed stays until its run is stopped. */
export function orchestratorNodes(runs: readonly RunState[], context: NodeContext): readonly ViewNode[] {
  const unstopped = runs.filter(({ snapshot }) => snapshot.phase !== 'stopped');
  const nameOf = experimentNames(unstopped);
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
                ? nameOf(run.snapshot)
                : `${nameOf(run.snapshot)}/${orchestrator.id}`,
            children: orchestrator.shards.map((shard) =>
              shardNode(run, shard, { ...context, alone: orchestrator.shards.length === 1 }),
            ),
          },
          context,
        ),
      ),
  );
}
