import type { Disposable } from '../base/disposables';
import { problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import { slotOfKey } from '../redis/keySlot';
import { RedisFailure, RedisRefusal } from '../redis/redisFailure';
import { endpointText } from '../redis/wire/endpoint';
import type { Reply, Words } from '../redis/wire/reply';
import { WireConnection, type WireOptions } from '../redis/wire/wireConnection';
import { shardsOfSlots, type DatabaseShard } from './databaseShard';
import type { DatabaseTarget } from './databaseTarget';

export interface DatabaseOptions {
  /** Milliseconds without an answer. */
  readonly limitMs: number;
  /** What proves `target.user`, or the password of the default user. */
  readonly secret?: string;
  readonly signal?: AbortSignal;
}

/** What a reply of a server may hold: pages of names and parts of values, never whole tensors. */
const bounds = { textBytes: 64 * 1024 ** 2, listLength: 1024 ** 2, depth: 8 };

/** A database that is connected to as a whole: its shards, and a held connection to each that was asked. */
export class Database implements Disposable {
  private readonly connections = new Map<string, Promise<WireConnection>>();

  private constructor(
    readonly target: DatabaseTarget,
    private readonly options: DatabaseOptions,
    /** In the order of their slots. */
    readonly shards: readonly DatabaseShard[],
    readonly clustered: boolean,
  ) {}

  /** Connects to the first endpoint that answers, and learns from it of all shards. */
  static async open(target: DatabaseTarget, options: DatabaseOptions): Promise<Result<Database>> {
    const reasons: string[] = [];
    for (const endpoint of target.endpoints) {
      try {
        const connection = await connect(endpoint, target, options);
        try {
          const shards = shardsOfSlots(await connection.ask('CLUSTER', 'SLOTS'), endpoint);
          return success(new Database(target, options, shards, true));
        } catch (error) {
          if (!(error instanceof RedisRefusal) || !error.message.includes('cluster support disabled'))
            throw error;
          const alone = { name: endpointText(endpoint), endpoint, slots: [] };
          return success(new Database(target, options, [alone], false));
        } finally {
          connection.dispose();
        }
      } catch (error) {
        if (!(error instanceof RedisFailure)) throw error;
        reasons.push(`${endpointText(endpoint)}: ${error.message}`);
      }
    }
    return failure(problem('database-unreachable', { database: target.name, reasons: reasons.join('; ') }));
  }

  /** The held connection to a shard, made anew where it was lost. Throws a RedisFailure. */
  async connection(shard: DatabaseShard): Promise<WireConnection> {
    const held = this.connections.get(shard.name);
    if (held !== undefined) {
      const connection = await held.catch(() => undefined);
      if (connection?.isOpen === true) return connection;
    }
    const made = connect(shard.endpoint, this.target, this.options);
    this.connections.set(shard.name, made);
    return made;
  }

  /** Asks the shard to which a key belongs. Throws a RedisFailure. */
  async askOwner(key: Uint8Array, ...words: Words): Promise<Reply> {
    return (await this.connection(this.shardOf(key))).ask(...words);
  }

  shardOf(key: Uint8Array): DatabaseShard {
    const slot = slotOfKey(key);
    const [first] = this.shards;
    const shard = this.clustered
      ? this.shards.find(({ slots }) => slots.some(([from, to]) => from <= slot && slot <= to))
      : first;
    if (shard === undefined) throw new RedisFailure(`no shard serves slot ${slot}`);
    return shard;
  }

  dispose(): void {
    for (const held of this.connections.values()) {
      held.then(
        (connection) => {
          connection.dispose();
        },
        () => undefined,
      );
    }
    this.connections.clear();
  }
}

async function connect(
  endpoint: DatabaseShard['endpoint'],
  { user }: DatabaseTarget,
  { limitMs, secret, signal }: DatabaseOptions,
): Promise<WireConnection> {
  const options: WireOptions = { limitMs, bounds, ...(signal === undefined ? {} : { signal }) };
  const connection = await WireConnection.open(endpoint, options);
  try {
    if (secret !== undefined) await connection.ask('AUTH', ...(user === undefined ? [] : [user]), secret);
    return connection;
  } catch (error) {
    connection.dispose();
    throw error;
  }
}
