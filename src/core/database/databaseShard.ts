import { endpointText, type Endpoint } from '../redis/wire/endpoint';
import type { Reply } from '../redis/wire/reply';
import { UnexpectedReply } from '../redis/redisFailure';

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

/**
 * The primaries of a reply of `CLUSTER SLOTS`: a list for each range with its first and last slot, then the nodes that serve
 * it, the primary first, each as host, port and id. An empty host is the one that was asked.
 */
export function shardsOfSlots(reply: Reply, asked: Endpoint): readonly DatabaseShard[] {
  if (!Array.isArray(reply)) throw new UnexpectedReply('CLUSTER SLOTS gave no list');
  const shards = new Map<string, DatabaseShard>();
  for (const range of reply as readonly Reply[]) {
    const [from, to, primary] = Array.isArray(range) ? (range as readonly Reply[]) : [];
    const [host, port] = Array.isArray(primary) ? (primary as readonly Reply[]) : [];
    if (
      typeof from !== 'number' ||
      typeof to !== 'number' ||
      !(host instanceof Uint8Array) ||
      typeof port !== 'number'
    )
      throw new UnexpectedReply('CLUSTER SLOTS gave a range without slots and primary');
    const endpoint = neighbour(asked, Buffer.from(host).toString(), port);
    const name = endpointText(endpoint);
    const slots = [...(shards.get(name)?.slots ?? []), [from, to] as const];
    shards.set(name, { name, endpoint, slots: slots.sort(([a], [b]) => a - b) });
  }
  return [...shards.values()].sort((a, b) => (a.slots[0]?.[0] ?? 0) - (b.slots[0]?.[0] ?? 0));
}

/** Another node of the cluster is spoken to as the one that named it. */
function neighbour(asked: Endpoint, host: string, port: number): Endpoint {
  if (asked.kind === 'socket') return { kind: 'tcp', host, port };
  return { ...asked, host: host === '' ? asked.host : host, port };
}
