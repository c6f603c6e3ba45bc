import { Emitter } from '../../base/event';
import type { Disposable } from '../../base/disposables';
import type { Problem } from '../../base/problem';
import type { Database } from '../../database/database';
import { exactName } from './exactName';
import { NameLookup } from './nameLookup';
import { persistently } from './persistently';
import { systemClock, type ScanClock } from './scanClock';
import type { NameSink } from './scanPage';
import { ScanTempo, type ScanPace } from './scanTempo';
import { ShardScan, type ScanFilter, type ScanSetting, type ShardProgress } from './shardScan';
import { Turnstile } from './turnstile';

/**
 * - `complete`: every key that was there throughout is among the names.
 * - `failed`: some shard will not tell, whatever we do; the others have told all.
 * - `stopped`: it was ended before.
 */
export type ScanState = 'scanning' | 'paused' | 'complete' | 'failed' | 'stopped';

/** How far a scan is. */
export interface KeyspaceProgress {
  readonly state: ScanState;
  readonly pace: ScanPace;
  readonly shards: readonly ShardProgress[];
  /** Why the cluster as a whole cannot be looked at, in which case its shards are not known to have told all. */
  readonly problem?: Problem;
}

export interface ScanOptions extends ScanFilter {
  readonly pace: ScanPace;
  readonly clock?: ScanClock;
}

/** Servers that work for us at the same time. */
const mostShards = 6;
/** Milliseconds between two reports while nothing but the numbers changes; sooner while they double. */
const reportEvery = 100;

/**
 * Brings the names of all keys of a database, from all of its shards at once. Each key that is there throughout comes at least
 * once, whatever happens to the cluster meanwhile; names may come again, and keys that have gone may be among them. A shard
 * that fails is tried again and does not stop the others.
 */
export class KeyspaceScan implements Disposable {
  /** By the name of the shard, in the order of the database. */
  private scans = new Map<string, ShardScan>();
  private readonly lookup: NameLookup | undefined;
  private readonly setting: ScanSetting;
  private readonly ending = new AbortController();
  private readonly progressed = new Emitter<KeyspaceProgress>();
  private outcome: Exclude<ScanState, 'paused'> = 'scanning';
  private problem: Problem | undefined;
  private reportedAt = -Infinity;
  private reportedSeen = 0;

  readonly onDidProgress = this.progressed.event;

  constructor(
    private readonly database: Database,
    names: NameSink,
    { pace, clock = systemClock, ...filter }: ScanOptions,
  ) {
    this.setting = {
      ...{ database, names, filter },
      tempo: new ScanTempo(pace, clock, this.ending.signal),
      turnstile: new Turnstile(mostShards),
      moved: this.moved,
      turned: this.report,
    };
    const exact = filter.match === undefined ? undefined : exactName(filter.match);
    if (exact !== undefined) this.lookup = new NameLookup(exact, this.setting);
  }

  get progress(): KeyspaceProgress {
    const { tempo } = this.setting;
    const shards = this.lookup === undefined ? [...this.scans.values()] : [this.lookup];
    return {
      state: this.outcome === 'scanning' && tempo.isPaused ? 'paused' : this.outcome,
      pace: tempo.pace,
      shards: shards.map(({ progress }) => progress),
      ...(this.problem === undefined ? {} : { problem: this.problem }),
    };
  }

  /** Scans until nothing is left to do; to be called once. */
  async run(): Promise<KeyspaceProgress> {
    try {
      if (this.lookup === undefined) await this.scanAll();
      else await this.lookup.complete();
      const { shards } = this.progress;
      const failed = this.problem !== undefined || shards.some(({ state }) => state === 'failed');
      this.outcome = failed ? 'failed' : 'complete';
    } catch (error) {
      if (!this.ending.signal.aborted) throw error;
    } finally {
      // Where one shard threw, the others are still at it.
      this.ending.abort();
    }
    this.report();
    return this.progress;
  }

  /** Pages that are on their way still come. */
  pause(): void {
    this.setting.tempo.pause();
    this.report();
  }

  resume(): void {
    this.setting.tempo.resume();
    this.report();
  }

  get pace(): ScanPace {
    return this.setting.tempo.pace;
  }

  set pace(pace: ScanPace) {
    this.setting.tempo.pace = pace;
    this.report();
  }

  /** Ends it. No name comes afterwards. */
  dispose(): void {
    if (this.outcome === 'scanning') this.outcome = 'stopped';
    this.ending.abort();
  }

  private async scanAll(): Promise<void> {
    this.followShards();
    for (;;) {
      const open = [...this.scans.values()].filter(({ state }) => state !== 'complete' && state !== 'failed');
      if (open.length === 0) return;
      await Promise.all(open.map((scan) => scan.complete()));
      this.problem = await this.lookAtCluster();
      if (this.problem !== undefined) return;
      const complete = [...this.scans.values()].filter(({ state }) => state === 'complete');
      await Promise.all(complete.map((scan) => scan.check()));
    }
  }

  /** Where a key has moved from a shard that was not scanned there yet to one that was, only a look at the cluster tells. */
  private async lookAtCluster(): Promise<Problem | undefined> {
    const { database, tempo } = this.setting;
    const failed = await persistently(database, tempo, () => database.refresh(), {
      interrupted: () => undefined,
      stillWanted: () => true,
    });
    this.followShards();
    return failed;
  }

  /** A shard that has left has given its keys to others, which will be found to have got them. */
  private followShards(): void {
    this.scans = new Map(
      this.database.shards.map((shard) => [
        shard.name,
        this.scans.get(shard.name) ?? new ShardScan(shard, this.setting),
      ]),
    );
  }

  private readonly moved = (): void => {
    const seen = [...this.scans.values()].reduce((sum, { progress }) => sum + progress.seen, 0);
    const doubled = seen > 0 && seen >= 2 * this.reportedSeen;
    if (doubled || this.setting.tempo.clock.now() >= this.reportedAt + reportEvery) this.report();
  };

  private readonly report = (): void => {
    const { progress } = this;
    this.reportedAt = this.setting.tempo.clock.now();
    this.reportedSeen = progress.shards.reduce((sum, { seen }) => sum + seen, 0);
    this.progressed.fire(progress);
  };
}
