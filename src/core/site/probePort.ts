import { createServer } from 'node:net';
import { listListeningSockets } from './listeningSockets';
import { findPortHolder, type PortHolder } from './portHolder';

/** Whether a server could listen there now. */
export type PortAnswer =
  | { readonly kind: 'free'; readonly port: number }
  | {
      readonly kind: 'taken';
      readonly port: number;
      readonly address: string;
      /** Empty where nothing can be known. */
      readonly holder: PortHolder;
    }
  /** No port of the range that was tried is free. */
  | { readonly kind: 'none-free' }
  /** An interface of the question does not exist or has no IPv4 address. */
  | { readonly kind: 'no-address' };

/**
 * Looks whether `port` is free at all `addresses`. Where the system lists its listeners, nothing is bound unless
 * somebody seems to listen: a trial must not get into the way of a server that starts in the same moment.
 */
export async function probePort(port: number, addresses: readonly string[]): Promise<PortAnswer> {
  const sockets = await listListeningSockets();
  for (const address of addresses) {
    const rivals = sockets?.filter(
      (socket) => socket.port === port && (socket.address === 'any' || socket.address === address),
    );
    if (rivals?.length === 0 || (await canBind(port, address))) continue;
    const [rival] = rivals ?? [];
    return { kind: 'taken', port, address, holder: rival === undefined ? {} : await findPortHolder(rival) };
  }
  return { kind: 'free', port };
}

/** Below the range from which systems give out ports for outgoing connections. */
const lowest = 20_000;
const highest = 30_000;
const trials = 100;

/** Finds a port that is free at all `addresses`, by binding it for a moment. */
export async function findFreePort(addresses: readonly string[]): Promise<PortAnswer> {
  for (let trial = 0; trial < trials; trial++) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (await canBindAll(port, addresses)) return { kind: 'free', port };
  }
  return { kind: 'none-free' };
}

async function canBindAll(port: number, addresses: readonly string[]): Promise<boolean> {
  for (const address of addresses) if (!(await canBind(port, address))) return false;
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
