import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { Endpoint } from './endpoint';
import { WireFailure } from './wireFailure';

/**
 * A socket that connects, and reads straight into one buffer. `take`: bytes that are valid during the call alone. Throws a
 * WireFailure where the endpoint is none: a certificate that cannot be read, a port beyond all ports.
 */
export function dial(endpoint: Endpoint, take: (bytes: Uint8Array) => void): Socket {
  try {
    return connecting(endpoint, take);
  } catch (error) {
    const trouble = endpoint.kind === 'tcp' && endpoint.tls !== undefined ? 'tls' : 'unreachable';
    throw new WireFailure(trouble, error instanceof Error ? error.message : String(error));
  }
}

function connecting(endpoint: Endpoint, take: (bytes: Uint8Array) => void): Socket {
  const onread = {
    buffer: new Uint8Array(readBytes),
    callback: (length: number, buffer: Uint8Array): boolean => {
      take(buffer.subarray(0, length));
      return true;
    },
  };
  if (endpoint.kind === 'socket') return connectPlain({ path: endpoint.path, onread });
  const { host, port, tls } = endpoint;
  if (tls === undefined) return connectPlain({ host, port, noDelay: true, onread });
  const { ca, certificate: cert, key, serverName: servername } = tls;
  const options: ConnectionOptions & { readonly onread: typeof onread } = {
    ...{ host, port, ca, cert, key, onread },
    ...(servername === undefined ? {} : { servername }),
  };
  return connectTls(options).setNoDelay(true);
}

const readBytes = 64 * 1024;
