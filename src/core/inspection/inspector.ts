import type { Event } from '../base/event';
import type { Problem } from '../base/problem';
import type { Result } from '../base/result';
import type { DatabaseTarget } from '../database/databaseTarget';
import type { KeyFolder, RowPage, RowRequest } from '../keyspace/tree/keyRow';
import type { KeyDetails } from '../value/details/keyDetails';

/** Which names a scan looks for, and how hard. */
export interface ScanRequest {
  /** A pattern as Redis understands it. */
  readonly match?: Uint8Array;
  /** Redis' name of a type. */
  readonly type?: string;
  readonly pace: ScanPace;
}

/** `kind`: at most a tenth of each shard's time. */
export type ScanPace = 'kind' | 'full';

/** How far a scan is. `seen` counts names once each, as far as they are sorted. */
export interface ScanProgress {
  readonly database: string;
  readonly pace: ScanPace;
  readonly seen: number;
  /** What the shards say they hold; with a pattern or a type, more than will be found. */
  readonly expected: number;
  /** What they hold since the names were read, where that has changed and the names were not read again. */
  readonly now?: number;
  readonly shards: readonly ShardProgress[];
  readonly state: 'scanning' | 'paused' | 'complete' | 'failed';
}

export interface ShardProgress {
  readonly shard: string;
  readonly state: 'waiting' | 'scanning' | 'complete' | 'failed';
  readonly problem?: Problem;
}

/** What is known of a database as soon as it is connected to. */
export interface OpenedDatabase {
  readonly clustered: boolean;
  readonly shards: number;
}

/**
 * What a window or a command asks of databases. It may live in a thread of its own, so everything that goes in and out is
 * plain data, and bytes are Uint8Arrays. A database that is not open has no rows.
 */
export interface Inspector {
  open(target: DatabaseTarget, secret?: string): Promise<Result<OpenedDatabase>>;
  close(database: string): Promise<void>;
  /** Starts from the beginning; what an earlier scan found is shown until the new one has found more. */
  scan(database: string, request: ScanRequest): Promise<void>;
  /** Stops where it is until `resume`. */
  pause(database: string): Promise<void>;
  resume(database: string): Promise<void>;
  /** While it is watched, names are read again when there are others; where that takes long, it is only told. */
  watch(database: string, watched: boolean): Promise<void>;
  /** Rows of a folder, in the order of people where there are not too many: `step_2` before `step_10`. */
  rows(database: string, folder: KeyFolder, request: RowRequest): Promise<RowPage>;
  /** What keys hold, in their order, without their values. */
  details(database: string, keys: readonly Uint8Array[]): Promise<readonly KeyDetails[]>;
  readonly onDidProgress: Event<ScanProgress>;
}
