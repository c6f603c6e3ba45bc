/** Where a program connects that takes one address. */
export type ProgramAddress =
  | { readonly host: string; readonly port: number }
  /** The path of a Unix socket. */
  | { readonly socket: string };

const socketScheme = 'unix://';

/** The first of several addresses that are separated by commas, as in `SSDB`. */
export function firstAddress(address: string): ProgramAddress {
  const [first = ''] = address.split(',');
  if (first.startsWith(socketScheme)) return { socket: first.slice(socketScheme.length) };
  const colon = first.lastIndexOf(':');
  const port = Number(first.slice(colon + 1));
  return {
    host: first.slice(0, Math.max(colon, 0)).replace(/^\[(.*)\]$/, '$1'),
    port: Number.isInteger(port) ? port : 6379,
  };
}
