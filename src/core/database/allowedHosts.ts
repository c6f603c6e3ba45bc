import type { Endpoint } from '../redis/wire/endpoint';
import type { DatabaseTarget } from './databaseTarget';
import { endpointText } from '../redis/wire/endpoint';

/** Ports below are those of a machine's own services; a database listens there only where somebody has said so. */
const firstFreePort = 1024;

/**
 * Hosts that we connect to although a server has named them: those that somebody has named before. What a server says is no
 * reason to connect to anything else: it could be any service that only this machine reaches.
 */
export class AllowedHosts {
  private readonly hosts: Set<string>;
  private readonly named: ReadonlySet<string>;

  constructor({ endpoints, hosts = [] }: DatabaseTarget) {
    this.named = new Set(endpoints.map(endpointText));
    this.hosts = new Set(hosts.map(hostName));
    for (const endpoint of endpoints) if (endpoint.kind === 'tcp') this.hosts.add(hostName(endpoint.host));
  }

  /** A name that was named has led to this address. */
  learn(address: string): void {
    this.hosts.add(hostName(address));
  }

  /** It is one of the target's own endpoints. */
  isNamed(endpoint: Endpoint): boolean {
    return this.named.has(endpointText(endpoint));
  }

  has(endpoint: Endpoint): boolean {
    return (
      endpoint.kind === 'tcp' && endpoint.port >= firstFreePort && this.hosts.has(hostName(endpoint.host))
    );
  }
}

/** This machine has several names. */
function hostName(host: string): string {
  const plain = host.toLowerCase().replace(/^::ffff:(?=\d)/, '');
  return plain === '::1' || plain === '127.0.0.1' ? 'localhost' : plain;
}
