import type { DatabaseServer } from '../site/databaseServer';
import { busOffset } from '../site/probePort';
import type { ExperimentSpec, OrchestratorSpec } from '../spec/experimentSpec';
import type { ShardPlan, SlotRange } from './deploymentPlan';
import { renderServerConfig, type LoadedModule } from './renderServerConfig';
import { runPaths } from './runPaths';

/** IPv4 addresses to listen at; the first one is where a server is spoken to. */
export interface ServerAddresses {
  readonly addresses: readonly [string, ...string[]];
  /** Only this machine reaches them. */
  readonly loopback: boolean;
}

/** What one server process will be. `slots`: of a cluster; undefined in a standalone orchestrator. */
export function planShard(
  spec: ExperimentSpec,
  { at, conf, maxMemory, unixSocket, clientConfig }: OrchestratorSpec,
  runId: string,
  shard: {
    readonly name: string;
    readonly server: DatabaseServer;
    readonly addresses: ServerAddresses;
    readonly port: number;
    readonly slots: SlotRange | undefined;
    /** What serves tensors in it. */
    readonly module: LoadedModule | undefined;
  },
): ShardPlan {
  const { name, server, addresses, port, slots, module } = shard;
  const [host] = addresses.addresses;
  const paths = runPaths(spec, runId);
  const configuration = renderServerConfig({
    ...addresses,
    port,
    conf,
    clientConfig,
    ...(unixSocket === undefined ? {} : { unixSocket }),
    ...(module === undefined ? {} : { module }),
    ...(maxMemory === undefined ? {} : { maxMemory }),
    ...(slots === undefined ? {} : { cluster: { announcedAddress: host } }),
  });
  return {
    at,
    name,
    host,
    port,
    ...(unixSocket === undefined ? {} : { unixSocket: unixSocket.path }),
    ...(slots === undefined ? { slots: [] } : { busPort: port + busOffset, slots: [slots] }),
    argv: serverArgv(server, paths.configuration(name)),
    directory: paths.shard(name),
    configuration: { path: paths.configuration(name), ...configuration },
    out: paths.out(name),
    err: paths.err(name),
  };
}

/** `env` replaces itself by the server, so that the libraries reach that one process and no other. */
function serverArgv(server: DatabaseServer, configuration: string): readonly string[] {
  const start = [server.path, configuration];
  return server.libraryFolder === undefined
    ? start
    : ['/usr/bin/env', `LD_LIBRARY_PATH=${server.libraryFolder}`, ...start];
}
