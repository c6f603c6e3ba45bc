import { problem, severityOf, type Place, type Problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import type { AiModule } from '../site/aiModule';
import { chooseAiModule } from '../site/chooseAiModule';
import { chooseServer } from '../site/chooseServer';
import type { DatabaseServer } from '../site/databaseServer';
import { findNetworkInterface } from '../site/networkInterfaces';
import type { PortAnswer } from '../site/probePort';
import { isAtLeast } from '../site/serverVersion';
import type { Site } from '../site/site';
import type { ExperimentSpec, OrchestratorSpec } from '../spec/experimentSpec';
import type { OrchestratorPlan, ShardPlan } from './deploymentPlan';
import { describePortHolder } from './describePortHolder';
import { planShard, type ServerAddresses } from './planShard';
import type { LoadedModule } from './renderServerConfig';
import { runPaths } from './runPaths';
import { slotRanges } from './slotRanges';

/** What one orchestrator will be; `index` is its place among the orchestrators, and so among the site's ports. */
export function planOrchestrator(
  spec: ExperimentSpec,
  index: number,
  site: Site,
  runId: string,
): Result<OrchestratorPlan> {
  const orchestrator = spec.orchestrators[index];
  const port = site.ports[index];
  if (orchestrator === undefined || port === undefined)
    throw new Error(`no answer for orchestrator ${index}`);
  const server = chooseServer(site.servers, orchestrator.engine);
  const module = chooseModule(site, orchestrator);
  const addresses = findAddresses(spec, orchestrator, site);
  const experiment = site.directories.get(spec.directory)?.real ?? spec.directory;
  const ports = checkPorts(port, experiment, orchestrator, placeOf(spec, orchestrator, 'port'));
  const problems = [
    ...server.problems.map((found) => ({ ...found, place: placeOf(spec, orchestrator, 'engine') })),
    ...module.problems.map((found) => ({ ...found, place: placeOf(spec, orchestrator, 'ai') })),
    ...checkClientConfig(spec, orchestrator, server),
    ...addresses.problems,
    ...(ports?.problems ?? []),
  ];
  if (!server.ok || !module.ok || !addresses.ok || ports?.ok !== true) return failure(...problems);
  if (problems.some((found) => severityOf(found) === 'error')) return failure(...problems);

  const clustered = orchestrator.dbNodes > 1;
  const ranges = clustered ? slotRanges(orchestrator.dbNodes) : [];
  const loaded = loadedModule(module.value, orchestrator, runPaths(spec, runId).engine);
  const shards = ports.value.map((shardPort, shard) =>
    planShard(spec, orchestrator, runId, {
      name: `${orchestrator.identifier}_${shard}`,
      server: server.value,
      addresses: addresses.value,
      port: shardPort,
      slots: ranges[shard],
      module: loaded,
    }),
  );
  return success<OrchestratorPlan>(
    {
      at: orchestrator.at,
      identifier: orchestrator.identifier,
      engine: server.value.engine,
      version: server.value.version,
      ai: module.value?.provider ?? 'none',
      clustered,
      ssdb: ssdbOf(shards),
      shards,
    },
    problems,
  );
}

/** Undefined: none is wanted, or none is there and that is no error. */
function chooseModule(site: Site, { ai }: OrchestratorSpec): Result<AiModule | undefined> {
  return ai.provider === 'none' ? success(undefined) : chooseAiModule(site.aiModules, ai.provider);
}

/** RedisAI is loaded where it lies, because its backends lie beside it; our engine is copied to `copy`. */
function loadedModule(
  module: AiModule | undefined,
  { ai }: OrchestratorSpec,
  copy: string,
): LoadedModule | undefined {
  if (module === undefined) return undefined;
  return {
    path: module.provider === 'builtin' ? copy : module.path,
    args: ai.settings.flatMap(([name, value]) => [name, String(value)]),
  };
}

/** Before Redis 7 whoever may configure a server can make it write files wherever its owner may. */
function checkClientConfig(
  spec: ExperimentSpec,
  orchestrator: OrchestratorSpec,
  server: Result<DatabaseServer>,
): readonly Problem[] {
  if (!orchestrator.clientConfig) return [];
  const place = placeOf(spec, orchestrator, 'client_config');
  const { identifier } = orchestrator;
  if (server.ok && !isAtLeast(server.value.version, protectsFiles)) {
    const { engine, version } = server.value;
    return [problem('client-config-unsafe', { engine, version, minimum: protectsFiles }, { place })];
  }
  return [problem('client-config-open', { orchestrator: identifier }, { place })];
}

/** The first version that keeps clients from moving the files that it writes. */
const protectsFiles = '7.0';

function ssdbOf(shards: readonly ShardPlan[]): string {
  return shards
    .map(({ unixSocket, host, port }) =>
      unixSocket === undefined ? `${host}:${port}` : `unix://${unixSocket}`,
    )
    .join(',');
}

function findAddresses(
  spec: ExperimentSpec,
  orchestrator: OrchestratorSpec,
  site: Site,
): Result<ServerAddresses> {
  const place = placeOf(spec, orchestrator, 'interface');
  const addresses: string[] = [];
  const problems: Problem[] = [];
  let loopback = true;
  for (const name of orchestrator.networkInterfaces) {
    const found = findNetworkInterface(site.networkInterfaces, name);
    if (found === undefined) {
      const known = site.networkInterfaces.map((one) => one.name).join(', ');
      problems.push(problem('interface-unknown', { interface: name, known }, { place }));
    } else if (found.address === undefined) {
      problems.push(problem('interface-without-address', { interface: name }, { place }));
    } else {
      addresses.push(found.address);
      loopback &&= found.loopback;
      if (!found.loopback)
        problems.push(problem('interface-exposed', { interface: name, address: found.address }, { place }));
    }
  }
  const [first, ...further] = addresses;
  return first === undefined || problems.some((found) => severityOf(found) === 'error')
    ? failure(...problems)
    : success({ addresses: [first, ...further], loopback }, problems);
}

/** A port for each shard; undefined where the interface is at fault, which has its own problem. */
function checkPorts(
  answer: PortAnswer,
  experiment: string,
  { identifier, dbNodes }: OrchestratorSpec,
  place: Place,
): Result<readonly number[]> | undefined {
  switch (answer.kind) {
    case 'free':
      return success(answer.ports);
    case 'taken': {
      const found = describePortHolder(answer, experiment, place);
      if (severityOf(found) === 'error') return failure(found);
      // A run of the same experiment has them: what it would take without that run.
      const first = answer.busOf ?? answer.port;
      const consecutive = Array.from({ length: dbNodes }, (_, shard) => first + shard);
      return success(consecutive, [found]);
    }
    case 'none-free':
      return failure(problem('no-free-port', { orchestrator: identifier }, { place }));
    case 'no-address':
      return undefined;
  }
}

function placeOf(spec: ExperimentSpec, orchestrator: OrchestratorSpec, key: string): Place {
  return { file: spec.file, path: [...orchestrator.at, key] };
}
