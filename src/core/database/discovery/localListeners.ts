import { readFile, stat } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import type { Endpoint } from '../../redis/wire/endpoint';
import { listListeningSockets, type ListeningSocket } from '../../site/listeningSockets';
import { isLocalEndpoint } from './localEndpoint';

/**
 * Who is behind an endpoint, as far as can be told without connecting to it:
 * - `ours`: a process of this user, on loopback or a Unix socket.
 * - `gone`: nobody listens there on this machine.
 * - `foreign`: somebody else, or another machine; or the system does not tell.
 */
export type Standing = 'ours' | 'gone' | 'foreign';

/** What this machine listens to in one moment. */
export class LocalListeners {
  private constructor(
    private readonly userId: number,
    /** Undefined where the system has no such list. */
    private readonly sockets: readonly ListeningSocket[] | undefined,
    /** Names of the files of Unix sockets, without folders: a server may have given any path to its own. */
    private readonly socketNames: ReadonlySet<string> | undefined,
  ) {}

  static async look(userId: number): Promise<LocalListeners> {
    const [sockets, unix] = await Promise.all([
      listListeningSockets(),
      readFile('/proc/net/unix', 'utf8').catch(() => undefined),
    ]);
    return new LocalListeners(userId, sockets, unix === undefined ? undefined : listeningNames(unix));
  }

  async standing(endpoint: Endpoint): Promise<Standing> {
    if (endpoint.kind === 'socket') return this.ofSocket(endpoint.path);
    const { host, port } = endpoint;
    const isLoopback = isLocalEndpoint(endpoint);
    if (this.sockets === undefined || (!isLoopback && !isOwnAddress(host))) return 'foreign';
    const addresses = host === 'localhost' ? ['127.0.0.1', 'other'] : [host.includes(':') ? 'other' : host];
    const listeners = this.sockets.filter(
      (socket) => socket.port === port && ['any', ...addresses].includes(socket.address),
    );
    if (listeners.length === 0) return 'gone';
    return isLoopback && listeners.every(({ userId }) => userId === this.userId) ? 'ours' : 'foreign';
  }

  private async ofSocket(file: string): Promise<Standing> {
    const found = await stat(file).catch(() => undefined);
    if (found?.isSocket() !== true || this.socketNames?.has(path.basename(file)) === false) return 'gone';
    return found.uid === this.userId ? 'ours' : 'foreign';
  }
}

function isOwnAddress(host: string): boolean {
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ address }) => address === host),
  );
}

/** Reads the rows of `/proc/net/unix` whose flags say that they accept connections; the path stands last. */
function listeningNames(table: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const row of table.split('\n').slice(1)) {
    const [, flags, file] = /^\S+ \S+ \S+ (\S+) \S+ \S+ +\S+ (.+)$/.exec(row) ?? [];
    if (file !== undefined && flags === '00010000') names.add(path.basename(file));
  }
  return names;
}
