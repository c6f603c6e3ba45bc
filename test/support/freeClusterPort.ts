import { silentServer } from './silentServer';

/** Below the ports of `port: auto`; bus ports, 10000 above, are below those of outgoing connections. */
const [lowest, highest] = [13_000, 19_900];
const shards = 3;

let next = lowest + (process.pid % 700) * 10;

/** The first of three ports in a row that nobody uses now, bus ports as well, and that this process gives out only once. */
export async function freeClusterPort(): Promise<number> {
  for (;;) {
    const first = next;
    next = next + shards > highest ? lowest : next + shards;
    const ports = Array.from({ length: shards }, (_, shard) => first + shard);
    const free = await Promise.all([...ports, ...ports.map((port) => port + 10_000)].map(isFree));
    if (free.every(Boolean)) return first;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = silentServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
