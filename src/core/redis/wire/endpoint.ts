import type { RedisAddress } from '../redisConnection';

/** Where a server listens. */
export type Endpoint =
  | ({ readonly kind: 'tcp'; readonly tls?: TlsOptions } & RedisAddress)
  | { readonly kind: 'socket'; readonly path: string };

/** How the other side of a TLS connection is checked; texts are PEM. */
export interface TlsOptions {
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly serverName?: string;
}

/** `127.0.0.1:6379`, `[::1]:6379`, `/run/db.sock`: as people write it, and the same for the same endpoint. */
export function endpointText(endpoint: Endpoint): string {
  if (endpoint.kind === 'socket') return endpoint.path;
  const { host, port } = endpoint;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
