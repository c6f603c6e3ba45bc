import { readdir } from 'node:fs/promises';
import os from 'node:os';

/** A network interface of this machine. */
export interface NetworkInterface {
  readonly name: string;
  /** Its first IPv4 address; absent where it has none. */
  readonly address?: string;
  /** Only this machine reaches it. */
  readonly loopback: boolean;
}

/** All interfaces, those without any address included. */
export async function listNetworkInterfaces(): Promise<readonly NetworkInterface[]> {
  const configured = Object.entries(os.networkInterfaces()).map(([name, addresses = []]) => {
    const first = addresses.find(({ family }) => family === 'IPv4');
    return {
      name,
      loopback: addresses.every(({ internal }) => internal),
      ...(first === undefined ? {} : { address: first.address }),
    };
  });
  // Node lists only what has an address; Linux tells the rest.
  const present = await readdir('/sys/class/net').catch(() => []);
  const bare = present
    .filter((name) => configured.every((known) => known.name !== name))
    .map((name) => ({ name, loopback: false }));
  return [...configured, ...bare];
}

/** The interface of that name; `lo` is the first whose name starts so (macOS calls it `lo0`), as in SmartSim. */
export function findNetworkInterface(
  interfaces: readonly NetworkInterface[],
  name: string,
): NetworkInterface | undefined {
  return interfaces.find((one) => (name === 'lo' ? one.name.startsWith('lo') : one.name === name));
}
