import { RedisRefusal, UnexpectedReply } from '../redis/redisFailure';
import { parseInfo } from '../redis/redisReplies';
import { endpointText, type Endpoint } from '../redis/wire/endpoint';
import type { Reply } from '../redis/wire/reply';
import type { WireConnection } from '../redis/wire/wireConnection';
import type { DatabaseShard } from './databaseShard';

export const slotCount = 16_384;

/** Which server has which keys, as one of them knows it. */
export interface Topology {
  readonly clustered: boolean;
  /** In the order of their slots. */
  readonly shards: readonly DatabaseShard[];
  /** The shard of each slot; undefined where nobody serves it. */
  readonly owners: readonly (DatabaseShard | undefined)[];
}

/** Asks a server for the whole of which it is a part. Throws a RedisFailure. */
export async function readTopology(connection: WireConnection, endpoint: Endpoint): Promise<Topology> {
  const [slots = null] = await connection.askAll([['CLUSTER', 'SLOTS']]);
  if (!(slots instanceof RedisRefusal)) return topologyOfSlots(slots, endpoint);
  if (/cluster support disabled|unknown command/i.test(slots.message)) return alone(endpoint);
  if (!slots.message.startsWith('NOPERM')) throw slots;
  // Without the right to ask, a server that is no cluster can be told from another way.
  const [info = null] = await connection.askAll([['INFO', 'cluster']]);
  if (!(info instanceof Uint8Array)) throw slots;
  if (parseInfo(Buffer.from(info).toString()).get('cluster_enabled') !== '0') throw slots;
  return alone(endpoint);
}

function alone(endpoint: Endpoint): Topology {
  return {
    clustered: false,
    shards: [{ name: endpointText(endpoint), endpoint, slots: [] }],
    owners: [],
  };
}

/**
 * The primaries of a reply of `CLUSTER SLOTS`: a list for each range with its first and last slot, then the nodes that serve
 * it, the primary first, each as host, port, id and more names. Throws an UnexpectedReply.
 */
export function topologyOfSlots(reply: Reply, asked: Endpoint): Topology {
  const found = new Map<string, { endpoint: Endpoint; slots: [number, number][] }>();
  for (const range of listOf(reply, asked)) {
    const [from, to, primary = null] = listOf(range, asked);
    if (!isSlot(from) || !isSlot(to) || from > to) throw strange(asked, 'no range');
    const endpoint = endpointOf(listOf(primary, asked), asked);
    const name = endpointText(endpoint);
    const shard = found.get(name);
    if (shard === undefined) found.set(name, { endpoint, slots: [[from, to]] });
    else shard.slots.push([from, to]);
  }
  const shards = [...found]
    .map(([name, { endpoint, slots }]) => ({ name, endpoint, slots: slots.sort(([a], [b]) => a - b) }))
    .sort((a, b) => (a.slots[0]?.[0] ?? 0) - (b.slots[0]?.[0] ?? 0));
  if (shards.length === 0) throw new RedisRefusal('CLUSTERDOWN no slot is served');
  const owners = new Array<DatabaseShard | undefined>(slotCount).fill(undefined);
  for (const shard of shards) for (const [from, to] of shard.slots) owners.fill(shard, from, to + 1);
  return { clustered: true, shards, owners };
}

function endpointOf([host = null, port, , more = null]: readonly Reply[], asked: Endpoint): Endpoint {
  if (typeof port !== 'number' || !isPort(port)) throw strange(asked, 'no port');
  const name = host instanceof Uint8Array ? Buffer.from(host).toString() : '';
  if (name !== '?') return neighbour(asked, name, port);
  // The cluster speaks of names, and this node has none.
  const words = Array.isArray(more) ? (more as readonly Reply[]) : [];
  const address =
    words[words.findIndex((word) => word instanceof Uint8Array && String(Buffer.from(word)) === 'ip') + 1];
  if (!(address instanceof Uint8Array)) throw strange(asked, 'a node without an address');
  return neighbour(asked, Buffer.from(address).toString(), port);
}

/** Another node of the cluster, which is spoken to as the one that named it. No host is the host that was asked. */
export function neighbour(asked: Endpoint, host: string, port: number): Endpoint {
  if (host.length > 255 || !/^[\w.:%-]*$/.test(host))
    throw new UnexpectedReply(`${endpointText(asked)} named a node that has no address`);
  if (asked.kind === 'socket') return host === '' ? asked : { kind: 'tcp', host, port };
  return { ...asked, host: host === '' ? asked.host : host, port };
}

export const isPort = (port: number): boolean => Number.isInteger(port) && port > 0 && port < 65_536;

function isSlot(value: Reply | undefined): value is number {
  return typeof value === 'number' && value >= 0 && value < slotCount;
}

function listOf(reply: Reply, asked: Endpoint): readonly Reply[] {
  if (!Array.isArray(reply)) throw strange(asked, 'no list');
  return reply as readonly Reply[];
}

/** `CLUSTER SLOTS` was answered by something else. */
function strange(asked: Endpoint, what: string): UnexpectedReply {
  return new UnexpectedReply(`CLUSTER SLOTS of ${endpointText(asked)} gave ${what}`);
}
