import { RedisRefusal } from '../../redis/redisFailure';
import { persistently } from './persistently';
import type { ScanSetting, ShardProgress } from './shardScan';

/** Looks for one name, without a scan: its owner knows. */
export class NameLookup {
  private told: Pick<ShardProgress, 'state' | 'problem'> = { state: 'waiting' };
  private seen = 0;

  constructor(
    private readonly name: Uint8Array,
    private readonly setting: ScanSetting,
  ) {}

  get progress(): ShardProgress {
    return { shard: this.owner, seen: this.seen, expected: this.seen, ...this.told };
  }

  /** Throws when the scan is ended. */
  async complete(): Promise<void> {
    const { database, names, tempo } = this.setting;
    this.turn({ state: 'scanning' });
    const failed = await persistently(
      database,
      tempo,
      async () => {
        await tempo.turn(0);
        if (!(await this.exists())) return;
        names.add(this.name, 0, this.name.length);
        this.seen = 1;
      },
      {
        interrupted: (problem) => {
          this.turn({ state: 'interrupted', problem });
        },
        stillWanted: () => true,
      },
    );
    this.turn(failed === undefined ? { state: 'complete' } : { state: 'failed', problem: failed });
  }

  /** Throws a RedisFailure. */
  private async exists(): Promise<boolean> {
    const { database, filter } = this.setting;
    if (filter.type === undefined) return (await database.askOwner(this.name, 'EXISTS', this.name)) === 1;
    const type = await database.askOwner(this.name, 'TYPE', this.name);
    return typeof type === 'string' && type.toLowerCase() === filter.type.toLowerCase();
  }

  private get owner(): string {
    try {
      return this.setting.database.shardOf(this.name).name;
    } catch (error) {
      if (!(error instanceof RedisRefusal)) throw error;
      return this.setting.database.target.name;
    }
  }

  private turn(told: Pick<ShardProgress, 'state' | 'problem'>): void {
    this.told = told;
    this.setting.turned();
  }
}
