import type { DatabaseShard } from '../../database/databaseShard';
import { parseClusterNodes } from '../../redis/clusterReplies';
import { RedisRefusal, UnexpectedReply } from '../../redis/redisFailure';
import { parseInfo } from '../../redis/redisReplies';
import type { Reply, Words } from '../../redis/wire/reply';
import type { WireConnection } from '../../redis/wire/wireConnection';

/** What a server says of itself: from two such looks follows whether keys may have come to it in between. */
export interface ShardSight {
  /** Stands for the process: its own name or, where the user may not know that, the connection to it. */
  readonly process: string | WireConnection;
  /** Keys that it has; absent where the user may not know. */
  readonly keys?: number;
  /** Of a shard of a cluster. */
  readonly holding?: SlotHolding;
}

/** The slots that a shard has: as itself knows or, where the user may not ask that, as the table of the cluster says. */
export interface SlotHolding {
  /** Becomes another one when a slot comes to it, also one that it has had before. */
  readonly epoch: number;
  /** Inclusive ranges. */
  readonly slots: readonly (readonly [from: number, to: number])[];
  /** Slots whose keys are on their way to it, with how many have arrived; without those of which the user may not know. */
  readonly arriving: ReadonlyMap<number, number>;
}

/** Asks a server what it says of itself. Throws a RedisFailure. */
export async function readSight(
  connection: WireConnection,
  { slots }: DatabaseShard,
  clustered: boolean,
): Promise<ShardSight> {
  const asked: readonly Words[] = [['INFO', 'server'], ['DBSIZE']];
  const [info = null, size = null, nodes = null] = await connection.askAll(
    clustered ? [...asked, ['CLUSTER', 'NODES']] : asked,
  );
  const told = textIn(info, 'INFO');
  const process = told === undefined ? undefined : parseInfo(told).get('run_id');
  const view = clustered ? textIn(nodes, 'CLUSTER NODES') : undefined;
  const holding = view === undefined ? undefined : await readHolding(connection, view);
  return {
    process: process ?? connection,
    ...(typeof size === 'number' ? { keys: size } : {}),
    ...(clustered ? { holding: holding ?? { epoch: 0, slots, arriving: new Map<number, number>() } } : {}),
  };
}

/** Text, or nothing where the user may not know. Throws what else the server says. */
function textIn(reply: Reply, command: string): string | undefined {
  if (isUntold(reply)) return undefined;
  if (!(reply instanceof Uint8Array)) throw new UnexpectedReply(`${command} gave no text`);
  return Buffer.from(reply).toString('utf8');
}

/** Whether the user may not know. Throws what else the server refuses. */
function isUntold(reply: Reply): boolean {
  if (!(reply instanceof RedisRefusal)) return false;
  if (!reply.message.startsWith('NOPERM')) throw reply;
  return true;
}

async function readHolding(connection: WireConnection, view: string): Promise<SlotHolding | undefined> {
  const myself = parseClusterNodes(view).find((node) => node.myself);
  if (myself === undefined) return undefined;
  // A node tells only of its own slots that they are on the move.
  const arriving = [...view.matchAll(/\[(\d+)-<-/g)].map(([, slot]) => slot ?? '');
  const counts = await connection.askAll(arriving.map((slot) => ['CLUSTER', 'COUNTKEYSINSLOT', slot]));
  const told = arriving.flatMap((slot, at): readonly (readonly [number, number])[] => {
    const count = counts[at] ?? null;
    if (isUntold(count)) return [];
    if (typeof count !== 'number') throw new UnexpectedReply('CLUSTER COUNTKEYSINSLOT gave no number');
    return [[Number(slot), count]];
  });
  return { epoch: myself.epoch, slots: myself.slots, arriving: new Map(told) };
}

/**
 * Whether a scan between two looks has seen every key that the shard had at the second. What has come to a place where the scan
 * was before would be missing; what has left was seen, here or where it has gone.
 */
export function coversUntil(before: ShardSight, after: ShardSight): boolean {
  if (before.process !== after.process) return false;
  const [{ holding: held }, { holding: holds }] = [before, after];
  if (held === undefined || holds === undefined) return held === holds;
  if (held.epoch !== holds.epoch) return false;
  for (const [slot, count] of holds.arriving) if (held.arriving.get(slot) !== count) return false;
  return holds.slots.every(([from, to]) => held.slots.some(([first, last]) => first <= from && to <= last));
}
