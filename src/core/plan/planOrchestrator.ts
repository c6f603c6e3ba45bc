import { problem, severityOf, type Place, type Problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import { chooseServer } from '../site/chooseServer';
import { findNetworkInterface } from '../site/networkInterfaces';
import type { PortAnswer } from '../site/probePort';
import type { Site } from '../site/site';
import type { ExperimentSpec, OrchestratorSpec } from '../spec/experimentSpec';
import type { OrchestratorPlan } from './deploymentPlan';
import { describePortHolder } from './describePortHolder';
import { planShard, type ServerAddresses } from './planShard';
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
  const addresses = findAddresses(spec, orchestrator, site);
  const experiment = site.directories.get(spec.directory)?.real ?? spec.directory;
  const ports = checkPorts(port, experiment, orchestrator, placeOf(spec, orchestrator, 'port'));
  const problems = [
    ...server.problems.map((found) => ({ ...found, place: placeOf(spec, orchestrator, 'engine') })),
    ...addresses.problems,
    ...(ports?.problems ?? []),
  ];
  if (!server.ok || !addresses.ok || ports?.ok !== true) return failure(...problems);

  const clustered = orchestrator.dbNodes > 1;
  const ranges = clustered ? slotRanges(orchestrator.dbNodes) : [];
  const shards = ports.value.map((shardPort, shard) =>
    planShard(spec, orchestrator, runId, {
      name: `${orchestrator.identifier}_${shard}`,
      server: server.value,
      addresses: addresses.value,
      port: shardPort,
      slots: ranges[shard],
    }),
  );
  return success<OrchestratorPlan>(
    {
      at: orchestrator.at,
      identifier: orchestrator.identifier,
      engine: server.value.engine,
      version: server.value.version,
      ai: 'none',
      clustered,
      ssdb: shards.map((shard) => `${shard.host}:${shard.port}`).join(','),
      shards,
    },
    problems,
  );
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
