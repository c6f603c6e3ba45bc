import { setTimeout as delay } from 'node:timers/promises';
import { localTime } from '../core/base/localTime';
import { OneAtATime } from '../core/base/oneAtATime';
import { problem } from '../core/base/problem';
import type { ShardFinding, ShardMeasurement } from '../core/launch/launchEvents';
import type { ShardConnection } from '../core/launch/shardConnection';
import { measureServer } from '../core/redis/redisAdmin';
import { RedisFailure, RedisRefusal } from '../core/redis/redisConnection';

/** A running shard, as it is asked. */
export interface WatchedShard {
  readonly name: string;
  readonly pid: number;
  readonly connection: ShardConnection;
}

/** What one look has found. */
export interface Look {
  readonly measurements: readonly ShardMeasurement[];
  readonly findings: readonly ShardFinding[];
}

interface Finding {
  readonly measurement?: ShardMeasurement;
  readonly finding?: ShardFinding;
}

/** Milliseconds from the beginning of one look to that of the next, however often somebody asks. */
const pace = 100;

/**
 * Asks the running shards how they are, when somebody wants to know and only then: all at once, each in one
 * round trip, each with the same time to answer. However many ask, one look is under way and one waits.
 */
export class ShardWatch {
  private readonly looks = new OneAtATime(() => this.look());
  private readonly silentSince = new Map<string, number>();
  /** On the monotonic clock. */
  private lastBegan = -pace;

  /** `limit`: milliseconds that a shard has to answer. */
  constructor(
    private readonly running: () => readonly WatchedShard[],
    private readonly limit: number,
    private readonly tell: (look: Look) => void,
  ) {}

  /** Resolves when a look that began after the call was told; at the latest after two limits and a pause. */
  ask(): Promise<void> {
    return this.looks.run();
  }

  private async look(): Promise<void> {
    const early = this.lastBegan + pace - performance.now();
    if (early > 0) await delay(early);
    this.lastBegan = performance.now();
    const shards = this.running();
    const names = new Set(shards.map(({ name }) => name));
    for (const name of [...this.silentSince.keys()]) if (!names.has(name)) this.silentSince.delete(name);
    const found = await Promise.all(shards.map((shard) => this.lookAt(shard)));
    if (found.length === 0) return;
    this.tell({
      measurements: found.flatMap(({ measurement }) => measurement ?? []),
      findings: found.flatMap(({ finding }) => finding ?? []),
    });
  }

  private async lookAt({ name: shard, pid, connection }: WatchedShard): Promise<Finding> {
    const askedAt = Date.now();
    try {
      const measurement = { shard, ...(await connection.ask(measureServer, this.limit)) };
      this.silentSince.delete(shard);
      if (!measurement.refusesWrites) return { measurement };
      const cause = problem('shard-refuses-writes', { shard, bytes: measurement.usedMemory });
      return { measurement, finding: { shard, cause } };
    } catch (error) {
      if (error instanceof RedisRefusal) {
        this.silentSince.delete(shard);
        return {
          finding: { shard, cause: problem('shard-refuses-questions', { shard, reply: error.message }) },
        };
      }
      if (!(error instanceof RedisFailure)) throw error;
      const since = this.silentSince.get(shard) ?? askedAt;
      this.silentSince.set(shard, since);
      const cause = problem('shard-not-answering', { shard, pid, since: localTime(since) });
      return { finding: { shard, cause, notAnsweringSince: since } };
    }
  }
}
