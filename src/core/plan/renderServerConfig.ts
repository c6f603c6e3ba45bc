import type { DocumentPath } from '../base/problem';
import type { ConfDirective } from '../spec/experimentSpec';
import type { UnixSocket } from '../spec/experimentSpec';
import { defaultUser } from './defaultUser';
import { nodeTimeouts } from './nodeTimeouts';

export interface ServerConfig {
  /** IPv4 addresses. */
  readonly addresses: readonly string[];
  readonly port: number;
  /** Only this machine reaches the addresses. */
  readonly loopback: boolean;
  /** Bytes. */
  readonly maxMemory?: number;
  readonly conf: readonly ConfDirective[];
  /** Every client may change the configuration. */
  readonly clientConfig: boolean;
  readonly unixSocket?: UnixSocket;
  readonly module?: LoadedModule;
  /** Absent: standalone. */
  readonly cluster?: {
    /** The IPv4 address at which the other shards and the clients find it. */
    readonly announcedAddress: string;
  };
}

/** The module that serves tensors. */
export interface LoadedModule {
  /** Absolute path. */
  readonly path: string;
  readonly args: readonly string[];
}

/** A configuration file, and which of its lines came from the experiment file. */
export interface RenderedConfig {
  readonly text: string;
  /** 1 is the first line, as servers count. */
  readonly lines: readonly { readonly line: number; readonly at: DocumentPath }[];
}

/** 64 GiB: a tensor of several GiB fits, and a client that lies about a length is still refused. */
const longestValue = 64 * 1024 ** 3;

/**
 * Renders the configuration file of one server process. The user's directives come last, so that they win over
 * ours where both set a thing; those that must not be set are refused long before.
 */
export function renderServerConfig(config: ServerConfig): RenderedConfig {
  const ours: readonly Directive[] = [
    ['bind', ...config.addresses],
    ['port', String(config.port)],
    // It refuses everybody who does not come from this machine, which is right exactly on loopback.
    ['protected-mode', config.loopback ? 'yes' : 'no'],
    ['tcp-backlog', '4096'],
    ['daemonize', 'no'],
    // A title would be written over the environment, where the run's marker is looked for.
    ['set-proc-title', 'no'],
    ['loglevel', 'notice'],
    ['logfile', ''],
    ['dir', './'],
    ['save', ''],
    ['appendonly', 'no'],
    ['proto-max-bulk-len', String(longestValue)],
    // The buffer holds the whole value and the words around it.
    ['client-query-buffer-limit', String(longestValue + 1024 ** 2)],
    ...(config.unixSocket === undefined ? [] : socketDirectives(config.unixSocket)),
    ...(config.module === undefined
      ? []
      : [['loadmodule', config.module.path, ...config.module.args] as const]),
    ['user', ...defaultUser(config)],
    ...(config.maxMemory === undefined ? [] : [['maxmemory', String(config.maxMemory)] as const]),
    ...(config.cluster === undefined ? [] : clusterDirectives(config.cluster)),
  ];
  const theirs = config.conf.map(({ name, args }) => [name, ...args]);
  return {
    text: [...ours, ...theirs].map((words) => `${renderDirective(words)}\n`).join(''),
    lines: config.conf.map(({ at }, index) => ({ line: ours.length + index + 1, at })),
  };
}

type Directive = readonly [name: string, ...args: string[]];

function socketDirectives({ path, permissions }: UnixSocket): readonly Directive[] {
  return [
    ['unixsocket', path],
    ['unixsocketperm', permissions],
  ];
}

function clusterDirectives({
  announcedAddress,
}: {
  readonly announcedAddress: string;
}): readonly Directive[] {
  return [
    ['cluster-enabled', 'yes'],
    // Inside the shard's own directory, which is new for each run: no node of an earlier cluster is remembered.
    ['cluster-config-file', 'nodes.conf'],
    // Without it a node that listens at several addresses of one host is known by the wrong one.
    ['cluster-announce-ip', announcedAddress],
    // Shorter only while the cluster is formed or mended, by command: a server that starts again has this one.
    ['cluster-node-timeout', String(nodeTimeouts.life)],
    // The keys of the other shards can be reached while one is gone.
    ['cluster-require-full-coverage', 'no'],
  ];
}

function renderDirective([name = '', ...args]: readonly string[]): string {
  return [/^[\w-]+$/.test(name) ? name : quote(name), ...args.map(quote)].join(' ');
}

/** In double quotes, where the servers know `\\`, `\"` and `\xHH`: no value can end the line or the word. */
function quote(value: string): string {
  const escaped = value.replace(/["\\\u0000-\u001f\u007f]/g, (character) =>
    character === '"' || character === '\\'
      ? `\\${character}`
      : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `"${escaped}"`;
}
