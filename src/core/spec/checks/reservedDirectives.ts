const ownedByFile = (key: string): string => `it follows from \`${key}\``;
const ownedByRun = 'a run decides where its servers keep files, and how they are watched and stopped';
const ownedByCluster = 'the shards of a cluster are connected by the launch';
const breaksClients = 'the SmartRedis clients can neither log in to a server nor encrypt';
const runsCode = 'it would load code or further configuration into the server';

/** Directives that are not the user's to set, and why. */
const reserved: Readonly<Record<string, string>> = {
  port: ownedByFile('port'),
  bind: ownedByFile('interface'),
  'bind-source-addr': ownedByFile('interface'),
  'protected-mode': ownedByFile('interface'),
  maxmemory: ownedByFile('max_memory'),

  dir: ownedByRun,
  daemonize: ownedByRun,
  supervised: ownedByRun,
  pidfile: ownedByRun,
  logfile: ownedByRun,
  'syslog-enabled': ownedByRun,
  unixsocket: ownedByFile('unix_socket'),
  unixsocketperm: ownedByFile('socket_permissions'),
  'shutdown-timeout': ownedByRun,
  'shutdown-on-sigint': ownedByRun,
  'shutdown-on-sigterm': ownedByRun,

  replicaof: ownedByCluster,
  slaveof: ownedByCluster,
  'active-replica': ownedByCluster,
  'multi-master': ownedByCluster,

  user: breaksClients,
  aclfile: breaksClients,
  requirepass: breaksClients,
  masterauth: breaksClients,
  masteruser: breaksClients,
  'rename-command': 'the SmartRedis clients and SmartSim Workbench need the commands under their own names',

  include: runsCode,
  loadmodule: runsCode,
  'enable-module-command': runsCode,
  'enable-debug-command': runsCode,
  'enable-protected-configs': runsCode,
};

const reservedPrefixes: readonly (readonly [string, string])[] = [
  ['cluster-', ownedByCluster],
  ['tls-', breaksClients],
];

/** Why a directive cannot be set by `conf`; undefined where it can. Directives have no upper and lower case. */
export function reservedDirective(directive: string): string | undefined {
  const name = directive.toLowerCase();
  if (Object.hasOwn(reserved, name)) return reserved[name];
  return reservedPrefixes.find(([prefix]) => name.startsWith(prefix))?.[1];
}
