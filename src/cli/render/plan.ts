import type { DeploymentPlan, ModelPlan, OrchestratorPlan, ShardPlan } from '../../core/plan/deploymentPlan';
import { slotsInWords } from '../../core/plan/slotRanges';
import type { ExperimentSpec } from '../../core/spec/experimentSpec';
import { renderCommandLine } from './commandLine';
import { indent, printable, printableLine } from './printable';

/** The whole of a plan, for people. */
export function renderPlan(plan: DeploymentPlan, spec: ExperimentSpec): string {
  const limits = new Map(spec.orchestrators.map((one) => [one.identifier, one.maxMemory]));
  return [
    `Experiment ${printableLine(plan.experiment)} on ${plan.host}\n`,
    rows([
      ['file', plan.file],
      ['directory', plan.directory],
      ['run files', plan.runDirectory],
    ]),
    ...plan.orchestrators.map((one) => `\n${renderOrchestrator(one, limits.get(one.identifier))}`),
    ...plan.models.map((model) => `\n${renderModel(model)}`),
  ].join('');
}

function renderOrchestrator(orchestrator: OrchestratorPlan, maxMemory: number | undefined): string {
  const { identifier, engine, version, ai, ssdb, clustered, shards } = orchestrator;
  const kind = clustered ? `cluster of ${shards.length} shards` : 'standalone';
  const ours = [
    `Orchestrator ${printableLine(identifier)}: ${engine} ${version}, ${kind}, AI: ${ai}\n`,
    rows([
      ['address', ssdb],
      ['memory', maxMemory === undefined ? 'no limit' : `at most ${maxMemory} bytes a shard`],
    ]),
  ];
  return [...ours, ...shards.map((shard) => indent(renderShard(shard), 2))].join('');
}

function renderShard(shard: ShardPlan): string {
  return [
    `Shard ${printableLine(shard.name)}\n`,
    rows([
      ['starts', renderCommandLine(shard.argv)],
      [
        'listens',
        [
          `${shard.host}:${shard.port}`,
          ...(shard.busPort === undefined ? [] : [`${shard.busPort} for the other shards`]),
          ...(shard.unixSocket === undefined ? [] : [shard.unixSocket]),
        ].join(', and '),
      ],
      ...(shard.slots.length === 0 ? [] : [['serves', `slots ${slotsInWords(shard.slots)}`] as const]),
      ['directory', shard.directory],
      ['output', shard.out],
      ['errors', shard.err],
      ['configures', shard.configuration.path],
    ]),
    indent(printable(shard.configuration.text), 6),
  ].join('');
}

function renderModel(model: ModelPlan): string {
  return [
    `Model ${printableLine(model.name)}\n`,
    rows([
      ['starts', renderCommandLine(model.argv)],
      ['directory', model.directory],
      ['output', model.out],
      ['errors', model.err],
      ...model.dependsOn.map(
        ({ model: other, condition }) =>
          ['after', `${other} has ${condition === 'started' ? 'started' : 'completed'}`] as const,
      ),
      ...model.stage.map(({ action, from, to }) => [action, `${from} -> ${to}`] as const),
      ...Object.entries(model.environment).map(([name, value]) => ['sets', `${name}=${value}`] as const),
    ]),
  ].join('');
}

function rows(pairs: readonly (readonly [name: string, value: string])[]): string {
  return pairs.map(([name, value]) => `  ${name.padEnd(10)} ${printableLine(value)}\n`).join('');
}
