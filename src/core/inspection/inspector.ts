import type { Event } from '../base/event';
import type { Problem } from '../base/problem';
import type { Result } from '../base/result';
import type { DatabaseTarget } from '../database/databaseTarget';
import type { KeyFolder, RowPage } from '../keyspace/tree/keyRow';

/** Which names a scan looks for, and how hard. */
export interface ScanRequest {
  /** A pattern as Redis understands it. */
  readonly match?: Uint8Array;
  /** Redis' name of a type. */
  readonly type?: string;
  /** `kind`: at most a tenth of each shard's time. */
  readonly pace: 'kind' | 'full';
}

/** How far a scan is. `seen` counts names once each, as far as they are sorted. */
export interface ScanProgress {
  readonly database: string;
  readonly pace: 'kind' | 'full';
  readonly seen: number;
  /** What the shards say they hold; with a pattern or a type, more than will be found. */
  readonly expected: number;
  readonly shards: readonly ShardProgress[];
  readonly state: 'scanning' | 'paused' | 'complete' | 'failed';
}

export interface ShardProgress {
  readonly shard: string;
  readonly state: 'waiting' | 'scanning' | 'complete' | 'failed';
  readonly problem?: Problem;
}

/**
 * What a window or a command asks of databases. It may live in a thread of its own, so everything that goes in and out is
 * plain data, and bytes are Uint8Arrays.
 */
export interface Inspector {
  open(target: DatabaseTarget, secret?: string): Promise<Result<{ readonly clustered: boolean }>>;
  close(database: string): Promise<void>;
  /** Starts from the beginning; what an earlier scan found is shown until the new one has found more. */
  scan(database: string, request: ScanRequest): Promise<void>;
  pause(database: string): Promise<void>;
  /** Rows `from` to `from + most` of a folder, in the order of people: `step_2` before `step_10`. */
  rows(database: string, folder: KeyFolder, from: number, most: number): Promise<RowPage>;
  readonly onDidProgress: Event<ScanProgress>;
}
