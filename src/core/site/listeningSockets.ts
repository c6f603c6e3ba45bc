import { readFile } from 'node:fs/promises';
import os from 'node:os';

/** A socket that listens for TCP connections, as Linux shows it to everybody. */
export interface ListeningSocket {
  /** Dotted IPv4; `any` for all addresses, `other` for what no IPv4 address conflicts with. */
  readonly address: string;
  readonly port: number;
  readonly inode: string;
  readonly userId: number;
}

/** All listening TCP sockets of this network namespace; undefined where the system has no such list. */
export async function listListeningSockets(): Promise<readonly ListeningSocket[] | undefined> {
  const [ipv4, ipv6] = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'latin1').catch(() => undefined)),
  );
  if (ipv4 === undefined) return undefined;
  return [...parseSockets(ipv4), ...parseSockets(ipv6 ?? '')];
}

/** Reads the rows of `/proc/net/tcp` or `/proc/net/tcp6` whose state is LISTEN. */
export function parseSockets(table: string): readonly ListeningSocket[] {
  const listen = '0A';
  return table
    .split('\n')
    .slice(1)
    .map((row) => row.trim().split(/\s+/))
    .filter((fields) => fields[3] === listen)
    .map((fields) => {
      const [address = '', port = ''] = (fields[1] ?? '').split(':');
      return {
        address: readAddress(address),
        port: Number.parseInt(port, 16),
        inode: fields[9] ?? '',
        userId: Number(fields[7]),
      };
    });
}

/** Words of 32 bits in the machine's byte order. */
function readAddress(hex: string): string {
  if (/^0+$/.test(hex)) return 'any';
  const mapped = /^0{16}(?:FFFF0000|0000FFFF)([0-9A-F]{8})$/.exec(hex)?.[1];
  const ipv4 = hex.length === 8 ? hex : mapped;
  if (ipv4 === undefined) return 'other';
  const order = os.endianness() === 'LE' ? [3, 2, 1, 0] : [0, 1, 2, 3];
  return order.map((byte) => Number.parseInt(ipv4.slice(2 * byte, 2 * byte + 2), 16)).join('.');
}
