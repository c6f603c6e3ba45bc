import type { Endpoint } from '../redis/wire/endpoint';

export interface DatabaseOptions {
  /** Milliseconds without an answer after which a connection is given up. */
  readonly limitMs: number;
  /** What proves `target.user`, or the password of the default user. */
  readonly secret?: string;
  /** Ends all connections. */
  readonly signal?: AbortSignal;
  /** Whether a server that the database has named may be connected to; by default on the hosts of the target alone. */
  readonly allowHost?: (endpoint: Endpoint) => boolean;
  /** Milliseconds between two looks at whether the shards answer, while somebody watches. */
  readonly beatMs?: number;
}
