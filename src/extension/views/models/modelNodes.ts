import { modelNode, type NodeContext, type RunState } from '../entityNodes';
import { experimentNames } from '../experimentNames';
import { described, type ViewNode } from '../viewNode';

/** The group of simulation models: programs that the experiments start. */
export function modelNodes(runs: readonly RunState[], context: NodeContext): readonly ViewNode[] {
  const { t } = context.wording;
  const nameOf = experimentNames(runs);
  const several = runs.filter(({ snapshot }) => snapshot.models.length > 0).length > 1;
  const models = runs.flatMap((run) =>
    run.snapshot.models.map((model) => {
      const node = modelNode(run, model, context);
      // Two experiments may use one name for their models.
      return several ? { ...node, description: described(nameOf(run.snapshot), node.description) } : node;
    }),
  );
  if (models.length === 0) return [];
  return [
    {
      id: 'group:simulationModels',
      label: t('Simulation Models'),
      tooltip: [t('Programs that the experiments start')],
      icon: { name: 'server-process' },
      spoken: t('Simulation Models'),
      subject: { kind: 'group', name: 'simulationModels' },
      capabilities: [],
      expanded: true,
      children: models,
    },
  ];
}
