import type { Endpoint } from '../../redis/wire/endpoint';

/** Whether it leads to the machine that asks, whichever that is: loopback or a Unix socket. */
export function isLocalEndpoint(endpoint: Endpoint): boolean {
  return endpoint.kind === 'socket' || /^(?:127\.\d+\.\d+\.\d+|::1|localhost)$/.test(endpoint.host);
}
