import calculateSlot from 'cluster-key-slot';
import { parseClusterNodes, parseClusterState, type ClusterState, type KnownNode } from './clusterReplies';
import type { RedisAddress, RedisConnection } from './redisConnection';
import { RedisFailure, RedisRefusal } from './redisFailure';

type SlotRange = readonly [from: number, to: number];

/** Slots in one `CLUSTER ADDSLOTS`, for servers that do not take ranges. */
const slotsAtOnce = 1024;

/** What a node knows of its cluster. */
export async function knownNodes(connection: RedisConnection): Promise<readonly KnownNode[]> {
  return parseClusterNodes(await connection.command('CLUSTER', 'NODES'));
}

/** What a node says of its cluster as a whole; a fraction of the cost of `knownNodes` in a large one. */
export async function clusterState(connection: RedisConnection): Promise<ClusterState> {
  return parseClusterState(await connection.command('CLUSTER', 'INFO'));
}

/** Makes the node the owner of slots that nobody has. */
export async function addSlots(connection: RedisConnection, ranges: readonly SlotRange[]): Promise<void> {
  try {
    await connection.command('CLUSTER', 'ADDSLOTSRANGE', ...ranges.flat().map(String));
  } catch (error) {
    // Servers before Redis 7.0 do not know the ranges.
    if (!(error instanceof RedisFailure) || !/unknown (sub)?command/i.test(error.message)) throw error;
    await addSlotsSingly(connection, ranges);
  }
}

async function addSlotsSingly(connection: RedisConnection, ranges: readonly SlotRange[]): Promise<void> {
  const slots = slotsOf(ranges).map(String);
  for (let start = 0; start < slots.length; start += slotsAtOnce) {
    await connection.command('CLUSTER', 'ADDSLOTS', ...slots.slice(start, start + slotsAtOnce));
  }
}

/**
 * Tells the node who owns slots (`id` of a node that it knows). Resolves to those that it keeps as its own, since it
 * holds keys of them: a server gives away no keys.
 */
export async function assignSlots(
  connection: RedisConnection,
  ranges: readonly SlotRange[],
  id: string,
): Promise<readonly SlotRange[]> {
  const kept = slotsOf(ranges).map(async (slot): Promise<readonly SlotRange[]> => {
    try {
      await connection.command('CLUSTER', 'SETSLOT', String(slot), 'NODE', id);
      return [];
    } catch (error) {
      if (error instanceof RedisRefusal && error.message.includes('still hold keys')) return [[slot, slot]];
      throw error;
    }
  });
  return (await Promise.all(kept)).flat();
}

function slotsOf(ranges: readonly SlotRange[]): readonly number[] {
  return ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index));
}

export async function setConfigEpoch(connection: RedisConnection, epoch: number): Promise<void> {
  await connection.command('CLUSTER', 'SET-CONFIG-EPOCH', String(epoch));
}

/** Makes the node introduce itself to another; that they know each other shows later. */
export async function meetNode(connection: RedisConnection, { host, port }: RedisAddress): Promise<void> {
  await connection.command('CLUSTER', 'MEET', host, String(port));
}

/** `milliseconds`: after which a node without an answer is suspected. */
export async function setNodeTimeout(connection: RedisConnection, milliseconds: number): Promise<void> {
  await connection.command('CONFIG', 'SET', 'cluster-node-timeout', String(milliseconds));
}

/**
 * Whether the node takes a write for a key in one of its slots. The key is removed again; one of that name that somebody
 * else has stored stays as it is.
 */
export async function acceptsWrite(
  connection: RedisConnection,
  ranges: readonly SlotRange[],
): Promise<boolean> {
  const [range] = ranges;
  if (range === undefined) return true;
  const key = keyIn(range);
  try {
    const stored = await connection.command('SET', key, '', 'NX', 'PX', '1000');
    if (stored === 'OK') await connection.command('DEL', key);
    return true;
  } catch (error) {
    if (!(error instanceof RedisFailure)) throw error;
    // A server whose memory is used up serves its slots all the same.
    return error.message.startsWith('OOM');
  }
}

/** Some key whose slot lies in the range. */
function keyIn([from, to]: SlotRange): string {
  for (let trial = 0; ; trial++) {
    const key = `ssw:probe:${trial}`;
    const slot = calculateSlot(key);
    if (slot >= from && slot <= to) return key;
  }
}
