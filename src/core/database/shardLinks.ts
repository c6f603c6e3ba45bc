import { problem } from '../base/problem';
import type { RedisFailure } from '../redis/redisFailure';
import { endpointText, type Endpoint } from '../redis/wire/endpoint';
import type { Words } from '../redis/wire/reply';
import type { WireConnection, WireOptions } from '../redis/wire/wireConnection';
import { WireFailure } from '../redis/wire/wireFailure';
import { AllowedHosts } from './allowedHosts';
import type { DatabaseOptions } from './databaseOptions';
import { DatabaseFailure } from './databaseFailure';
import type { DatabaseTarget } from './databaseTarget';
import { ShardLink } from './shardLink';

/** What a reply of a server may hold: pages of names and parts of values, never whole tensors. */
const bounds = { replyBytes: 64 * 1024 ** 2, elements: 1024 ** 2, depth: 8 };

export interface LinksListener {
  answered(name: string): void;
  failed(name: string, failure: RedisFailure): void;
}

/** The connections of a database, one for each server that was asked. Nobody is connected to but by them. */
export class ShardLinks {
  private readonly links = new Map<string, ShardLink>();
  private readonly hosts: AllowedHosts;
  private readonly login: Words | undefined;
  private disposed = false;

  constructor(
    private readonly target: DatabaseTarget,
    private readonly options: DatabaseOptions,
    private readonly guard: Pick<WireOptions, 'forbids' | 'onRefusal'>,
    private readonly listener: LinksListener,
  ) {
    this.hosts = new AllowedHosts(target);
    const { secret } = options;
    const { user } = target;
    this.login = secret === undefined ? undefined : ['AUTH', ...(user === undefined ? [] : [user]), secret];
  }

  /** Throws a RedisFailure. */
  async connectionTo(endpoint: Endpoint): Promise<WireConnection> {
    if (this.disposed) throw new WireFailure('given-up', 'the database was closed');
    this.refuseStrangers([endpoint]);
    const connection = await this.link(endpoint).connection();
    const { remoteHost } = connection;
    if (remoteHost !== undefined && this.hosts.isNamed(endpoint)) this.hosts.learn(remoteHost);
    return connection;
  }

  /** Throws a DatabaseFailure that names those to whom nobody has agreed. */
  refuseStrangers(endpoints: readonly Endpoint[]): void {
    const strangers = endpoints.filter((endpoint) => !this.isAllowed(endpoint));
    if (strangers.length === 0) return;
    const hosts = [...new Set(strangers.map(endpointText))];
    const named = hosts.slice(0, mostNamed).join(', ') + (hosts.length > mostNamed ? ', …' : '');
    const found = problem('database-hosts-unconfirmed', { database: this.target.name, hosts: named });
    throw new DatabaseFailure(found, `leads to ${named}`, hosts);
  }

  /**
   * Milliseconds until one of these may be tried again; undefined where one of them needs no attempt, because it answers or was
   * never asked.
   */
  pauseMs(endpoints: readonly Endpoint[]): number | undefined {
    const links = endpoints.map((endpoint) => this.links.get(endpointText(endpoint)));
    if (links.some((link) => link === undefined || link.notBefore === 0)) return undefined;
    return Math.min(...links.map((link) => link?.notBefore ?? 0)) - performance.now();
  }

  /** Lets everything that has failed be tried at once. */
  hurry(): void {
    for (const link of this.links.values()) link.hurry();
  }

  dispose(): void {
    this.disposed = true;
    for (const link of this.links.values()) link.dispose();
    this.links.clear();
  }

  private isAllowed(endpoint: Endpoint): boolean {
    return this.hosts.isNamed(endpoint) || (this.options.allowHost?.(endpoint) ?? this.hosts.has(endpoint));
  }

  private link(endpoint: Endpoint): ShardLink {
    const name = endpointText(endpoint);
    const held = this.links.get(name);
    if (held !== undefined) return held;
    const { limitMs, signal } = this.options;
    const options = { limitMs, bounds, ...this.guard, ...(signal === undefined ? {} : { signal }) };
    const link = new ShardLink(endpoint, options, this.login, {
      answered: () => {
        this.listener.answered(name);
      },
      failed: (failure) => {
        this.listener.failed(name, failure);
      },
    });
    this.links.set(name, link);
    return link;
  }
}

/** Nobody reads more of them. */
const mostNamed = 20;
