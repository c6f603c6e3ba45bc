import path from 'node:path';
import type {
  DeploymentPlan,
  ModelPlan,
  OrchestratorPlan,
  ShardPlan,
} from '../../src/core/plan/deploymentPlan';
import { defaultUser } from '../../src/core/plan/defaultUser';
import { newRunId } from '../../src/core/run/newRunId';

export interface ModelOf {
  readonly name: string;
  readonly argv: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly dependsOn?: ModelPlan['dependsOn'];
  readonly stage?: ModelPlan['stage'];
}

export interface PlanOf {
  /** Directory of the experiment file. */
  readonly directory: string;
  /** Absent: no orchestrator. */
  readonly port?: number;
  /** Directives of the user; they become the last lines of the configuration. */
  readonly conf?: readonly string[];
  readonly models?: readonly ModelOf[];
  readonly server?: string;
  readonly runId?: string;
}

/** A plan as the planner makes it, written by hand for tests of what comes after it. */
export function planOf(given: PlanOf): DeploymentPlan {
  const runId = given.runId ?? newRunId(new Date());
  const directory = path.join(given.directory, 'lattice');
  const runDirectory = path.join(directory, '.smartsim/workbench', runId);
  return {
    version: 1,
    runId,
    experiment: 'lattice',
    file: path.join(given.directory, 'lattice.smartsim.yaml'),
    directory,
    runDirectory,
    host: 'here',
    orchestrators: given.port === undefined ? [] : [orchestratorOf(given, given.port, runDirectory)],
    models: (given.models ?? []).map((model) => modelOf(model, directory, runDirectory)),
  };
}

/** Lines of the configuration before those of the user. */
const ownLines = 9;

function orchestratorOf(given: PlanOf, port: number, runDirectory: string): OrchestratorPlan {
  const conf = given.conf ?? [];
  const text = [
    'bind 127.0.0.1',
    `port ${port}`,
    'protected-mode yes',
    'save ""',
    'appendonly no',
    'daemonize no',
    'set-proc-title no',
    'loglevel notice',
    `user ${defaultUser({ clientConfig: false }).join(' ')}`,
    ...conf,
    '',
  ].join('\n');
  const configuration = path.join(runDirectory, 'orchestrator_0.conf');
  const shard: ShardPlan = {
    at: ['orchestrator'],
    name: 'orchestrator_0',
    host: '127.0.0.1',
    port,
    slots: [],
    argv: [given.server ?? '/usr/bin/redis-server', configuration],
    directory: path.join(runDirectory, 'orchestrator_0'),
    configuration: {
      path: configuration,
      text,
      lines: conf.map((directive, index) => ({
        line: ownLines + 1 + index,
        at: ['orchestrator', 'conf', directive.split(' ')[0] ?? ''],
      })),
    },
    out: path.join(runDirectory, 'logs/orchestrator_0.out'),
    err: path.join(runDirectory, 'logs/orchestrator_0.err'),
  };
  return {
    at: ['orchestrator'],
    identifier: 'orchestrator',
    engine: 'redis',
    version: '7.0.15',
    ai: 'none',
    clustered: false,
    ssdb: `127.0.0.1:${port}`,
    shards: [shard],
  };
}

function modelOf(model: ModelOf, directory: string, runDirectory: string): ModelPlan {
  return {
    at: ['models', model.name],
    name: model.name,
    directory: path.join(directory, model.name),
    argv: model.argv,
    environment: model.environment ?? {},
    dependsOn: model.dependsOn ?? [],
    stage: model.stage ?? [],
    out: path.join(runDirectory, 'logs', `${model.name}.out`),
    err: path.join(runDirectory, 'logs', `${model.name}.err`),
  };
}

/** The same plan with a server of old, whose default user may do everything. */
export function withoutDefaultUser(plan: DeploymentPlan): DeploymentPlan {
  return withConfiguration(plan, (text) => text.replace(/^user .*\n/m, ''));
}

/** The plan with another configuration of its one shard. */
export function withConfiguration(plan: DeploymentPlan, change: (text: string) => string): DeploymentPlan {
  const [orchestrator] = plan.orchestrators;
  const [shard] = orchestrator?.shards ?? [];
  if (orchestrator === undefined || shard === undefined) return plan;
  const configuration = { ...shard.configuration, text: change(shard.configuration.text) };
  return { ...plan, orchestrators: [{ ...orchestrator, shards: [{ ...shard, configuration }] }] };
}
