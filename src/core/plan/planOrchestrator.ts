import { problem, severityOf, type Place, type Problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import { chooseServer } from '../site/chooseServer';
import type { DatabaseServer } from '../site/databaseServer';
import { findNetworkInterface } from '../site/networkInterfaces';
import type { PortAnswer } from '../site/probePort';
import type { Site } from '../site/site';
import type { ExperimentSpec, OrchestratorSpec } from '../spec/experimentSpec';
import type { OrchestratorPlan } from './deploymentPlan';
import { describePortHolder } from './describePortHolder';
import { renderServerConfig } from './renderServerConfig';
import { runPaths } from './runPaths';

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
  const portNumber = checkPort(port, experiment, orchestrator, placeOf(spec, orchestrator, 'port'));
  const problems = [
    ...server.problems.map((found) => ({ ...found, place: placeOf(spec, orchestrator, 'engine') })),
    ...addresses.problems,
    ...(portNumber?.problems ?? []),
  ];
  if (!server.ok || !addresses.ok || portNumber?.ok !== true) return failure(...problems);

  const [host] = addresses.value.addresses;
  if (host === undefined) throw new Error('an orchestrator without an interface');
  const name = `${orchestrator.identifier}_0`;
  const paths = runPaths(spec, runId);
  const configuration = renderServerConfig({
    ...addresses.value,
    port: portNumber.value,
    conf: orchestrator.conf,
    ...(orchestrator.maxMemory === undefined ? {} : { maxMemory: orchestrator.maxMemory }),
  });
  return success<OrchestratorPlan>(
    {
      at: orchestrator.at,
      identifier: orchestrator.identifier,
      engine: server.value.engine,
      version: server.value.version,
      ai: 'none',
      clustered: false,
      ssdb: `${host}:${portNumber.value}`,
      shards: [
        {
          at: orchestrator.at,
          name,
          host,
          port: portNumber.value,
          argv: serverArgv(server.value, paths.configuration(name)),
          directory: paths.shard(name),
          configuration: { path: paths.configuration(name), ...configuration },
          out: paths.out(name),
          err: paths.err(name),
        },
      ],
    },
    problems,
  );
}

/** `env` replaces itself by the server, so that the libraries reach that one process and no other. */
function serverArgv(server: DatabaseServer, configuration: string): readonly string[] {
  const start = [server.path, configuration];
  return server.libraryFolder === undefined
    ? start
    : ['/usr/bin/env', `LD_LIBRARY_PATH=${server.libraryFolder}`, ...start];
}

function findAddresses(
  spec: ExperimentSpec,
  orchestrator: OrchestratorSpec,
  site: Site,
): Result<{ readonly addresses: readonly string[]; readonly loopback: boolean }> {
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
  return problems.some((found) => severityOf(found) === 'error')
    ? failure(...problems)
    : success({ addresses, loopback }, problems);
}

function checkPort(
  answer: PortAnswer,
  experiment: string,
  orchestrator: OrchestratorSpec,
  place: Place,
): Result<number> | undefined {
  switch (answer.kind) {
    case 'free':
      return success(answer.port);
    case 'taken': {
      const found = describePortHolder(answer, experiment, place);
      return severityOf(found) === 'error' ? failure(found) : success(answer.port, [found]);
    }
    case 'none-free':
      return failure(problem('no-free-port', { orchestrator: orchestrator.identifier }, { place }));
    case 'no-address':
      // The interface is at fault, and has its own problem.
      return undefined;
  }
}

function placeOf(spec: ExperimentSpec, orchestrator: OrchestratorSpec, key: string): Place {
  return { file: spec.file, path: [...orchestrator.at, key] };
}
