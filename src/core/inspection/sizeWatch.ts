import type { Disposable } from '../base/disposables';
import type { Database } from '../database/database';
import { RedisFailure } from '../redis/redisFailure';

/** Milliseconds from one look to the next. */
const pause = 2000;

/** Looks how many keys a database holds, for as long as it is not disposed. Costs one small command a shard. */
export class SizeWatch implements Disposable {
  private timer: NodeJS.Timeout | undefined;
  private disposed = false;

  constructor(
    private readonly database: Database,
    private readonly tell: (keys: number) => void,
  ) {
    this.begin();
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
  }

  private begin(): void {
    this.timer = setTimeout(() => {
      void this.look();
    }, pause);
  }

  private async look(): Promise<void> {
    const keys = await keysOf(this.database);
    if (this.disposed) return;
    if (keys !== undefined) this.tell(keys);
    this.begin();
  }
}

/** How many keys all shards hold together; undefined where one does not tell. */
export async function keysOf(database: Database): Promise<number | undefined> {
  try {
    const sizes = await Promise.all(
      database.shards.map(async (shard) => (await database.connection(shard)).ask('DBSIZE')),
    );
    let sum = 0;
    for (const size of sizes) {
      if (typeof size !== 'number') return undefined;
      sum += size;
    }
    return sum;
  } catch (error) {
    if (error instanceof RedisFailure) return undefined;
    throw error;
  }
}
