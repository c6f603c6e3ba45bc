import type { Endpoint } from '../redis/wire/endpoint';

/** Inclusive. */
export type SlotRange = readonly [from: number, to: number];

/** A server that holds a part of the keys. */
export interface DatabaseShard {
  /** Its address as people write it: the same for as long as it listens there. */
  readonly name: string;
  readonly endpoint: Endpoint;
  /** In order; empty where the database is no cluster. */
  readonly slots: readonly SlotRange[];
}
