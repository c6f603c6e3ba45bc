import { createServer } from 'node:net';
import { listListeningSockets, type ListeningSocket } from './listeningSockets';
import { findPortHolder, type PortHolder } from './portHolder';

/** What somebody wants to listen on. */
export interface PortQuestion {
  /** Of the first server; further ones take the next free ports. */
  readonly port: number | 'auto';
  /** Names of the interfaces to listen at. */
  readonly networkInterfaces: readonly string[];
  /** How many servers, each with a port of its own. */
  readonly servers: number;
  /** Each needs the bus port above its own as well. */
  readonly clustered: boolean;
}

/** Whether servers could listen there now. */
export type PortAnswer =
  /** One for each server, ascending. */
  | { readonly kind: 'free'; readonly ports: readonly number[] }
  | PortTaken
  /** There are not as many free ports in the range that was tried. */
  | { readonly kind: 'none-free' }
  /** An interface of the question does not exist or has no IPv4 address. */
  | { readonly kind: 'no-address' };

/** The port that was asked for is taken, or the bus port above it. */
export interface PortTaken {
  readonly kind: 'taken';
  /** The very one that somebody has. */
  readonly port: number;
  /** The port that was asked for, where only the bus port above it is taken. */
  readonly busOf?: number;
  readonly address: string;
  /** Empty where nothing can be known. */
  readonly holder: PortHolder;
}

/** The shards of a cluster talk to each other on a second port, this much above the first. */
export const busOffset = 10_000;

/** For `auto`: from here, below the range from which systems give out ports for outgoing connections. */
const lowest = 20_000;
const highest = 30_000;
/** The last one whose bus port lies below that range as well. */
const highestOfCluster = 22_767;
const highestPort = 65_535;
/** After as many ports that are taken a search is given up. */
const mostMisses = 100;

/** Looks whether a server could listen on `port` at all `addresses`, and on its bus port where it is `clustered`. */
export async function probePort(
  port: number,
  clustered: boolean,
  addresses: readonly string[],
): Promise<PortAnswer> {
  return new PortSearch(await listListeningSockets()).find({ port, clustered, servers: 1 }, addresses);
}

/**
 * Finds ports for several questions about one moment: what one answer gives away, no other gives again. The
 * system's list of listeners is read once.
 */
export class PortSearch {
  private readonly given = new Set<number>();

  /** `sockets`: all that listen; undefined where the system does not tell. */
  constructor(private readonly sockets: readonly ListeningSocket[] | undefined) {}

  /** Ports that are meant for somebody already, though nobody listens there yet. */
  reserve(ports: readonly number[]): void {
    for (const port of ports) this.given.add(port);
  }

  /** Ports at all `addresses`, given away with this. */
  async find(
    { port, servers, clustered }: Omit<PortQuestion, 'networkInterfaces'>,
    addresses: readonly string[],
  ): Promise<PortAnswer> {
    const asked = port === 'auto' ? [] : [port];
    for (const one of asked.flatMap((first) => portsOfServer(first, clustered))) {
      const taken = await this.holderOf(one, addresses);
      if (taken !== undefined) return one === port ? taken : { ...taken, busOf: one - busOffset };
    }
    const range = port === 'auto' ? freeRange(servers, clustered) : { from: port + 1, to: highestPort };
    const found = await this.search(range, servers - asked.length, clustered, addresses);
    const ports = [...asked, ...found];
    if (ports.length < servers) return { kind: 'none-free' };
    this.reserve(ports.flatMap((one) => portsOfServer(one, clustered)));
    return { kind: 'free', ports };
  }

  /**
   * Who has the port; undefined: nobody. Where the system lists its listeners, nothing is bound unless
   * somebody seems to listen: a trial must not get into the way of a server that starts in the same moment.
   */
  async holderOf(port: number, addresses: readonly string[]): Promise<PortTaken | undefined> {
    for (const address of addresses) {
      const rivals = this.sockets?.filter(
        (socket) => socket.port === port && (socket.address === 'any' || socket.address === address),
      );
      if (rivals?.length === 0 || (await canBind(port, address))) continue;
      const [rival] = rivals ?? [];
      return { kind: 'taken', port, address, holder: rival === undefined ? {} : await findPortHolder(rival) };
    }
    return undefined;
  }

  private async search(
    { from, to }: PortRange,
    count: number,
    clustered: boolean,
    addresses: readonly string[],
  ): Promise<readonly number[]> {
    const last = clustered ? Math.min(to, highestPort - busOffset) : to;
    const found: number[] = [];
    for (let port = from, misses = 0; port <= last && misses < mostMisses && found.length < count; port++) {
      if (await this.isFree(portsOfServer(port, clustered), addresses)) found.push(port);
      else misses++;
    }
    return found;
  }

  private async isFree(ports: readonly number[], addresses: readonly string[]): Promise<boolean> {
    return !ports.some((port) => this.given.has(port)) && (await canBindAll(ports, addresses));
  }
}

interface PortRange {
  readonly from: number;
  readonly to: number;
}

function portsOfServer(port: number, clustered: boolean): readonly number[] {
  return clustered ? [port, port + busOffset] : [port];
}

/** A part of the range for `auto` that begins anywhere and has room for ports that are taken. */
function freeRange(servers: number, clustered: boolean): PortRange {
  const to = clustered ? highestOfCluster : highest;
  const room = to - lowest - servers - mostMisses;
  return { from: lowest + Math.floor(Math.random() * room), to };
}

async function canBindAll(ports: readonly number[], addresses: readonly string[]): Promise<boolean> {
  for (const port of ports) {
    for (const address of addresses) if (!(await canBind(port, address))) return false;
  }
  return true;
}

/** Anything but a taken address is left to the server itself to report. */
function canBind(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code !== 'EADDRINUSE');
    });
    server.listen({ port, host: address, exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
