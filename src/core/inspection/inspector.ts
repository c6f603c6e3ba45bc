import type { Event } from '../base/event';
import type { Result } from '../base/result';
import type { DatabaseState } from '../database/databaseState';
import type { DatabaseTarget } from '../database/databaseTarget';
import type { KeyspaceProgress } from '../keyspace/scan/keyspaceScan';
import type { ScanPace } from '../keyspace/scan/scanTempo';
import type { KeyFolder, RowPage, RowRequest } from '../keyspace/tree/keyRow';
import type { DeletionOutcome } from '../value/change/deleteKeys';
import type { KeyDetails } from '../value/details/keyDetails';
import type { ValueRequest } from '../value/readValue';
import type { ValueText } from '../value/texts/valueText';

/** Which names a scan looks for, and how hard. */
export interface ScanRequest {
  /** Redis' name of a type. */
  readonly type?: string;
  readonly pace: ScanPace;
}

/** How far the names of a database are known. */
export interface NamesProgress extends KeyspaceProgress {
  readonly database: string;
  /** Names that are known; while they come in, some of them twice. */
  readonly seen: number;
  /** Keys that the shards say they have. Absent where one does not tell, and where only keys of a type are looked for. */
  readonly expected?: number;
  /** Where only some names are shown: how many fit, counted like `seen`, and how many have still to be looked at. */
  readonly search?: { readonly found: number; readonly left: number };
  /** Keys that they have since the names were read, where those were not read again. */
  readonly now?: number;
  /** There are more names than we hold. */
  readonly full: boolean;
}

/** How we stand with a database now. */
export interface StateOfDatabase {
  readonly database: string;
  readonly state: DatabaseState;
}

/** What is known of a database as soon as it is connected to. */
export interface OpenedDatabase {
  readonly clustered: boolean;
  readonly shards: number;
}

/** Keys, and folders with all names below them that are shown, to which something is to be done. */
export interface KeyChoice {
  /** Stands for what is done; another one for each. */
  readonly task: string;
  readonly keys: readonly Uint8Array[];
  readonly folders: readonly KeyFolder[];
}

/** What is to be deleted. */
export interface DeletionWish extends KeyChoice {
  /** For people. */
  readonly name: string;
}

/** What a deletion would do. */
export interface DeletionSummary {
  readonly keys: number;
  readonly shards: readonly {
    readonly shard: string;
    readonly keys: number;
    /** An estimate where fewer than all keys were looked at; absent where no size is told cheaply. */
    readonly bytes?: number;
  }[];
  /** First keys of it. */
  readonly sample: readonly KeyDetails[];
  /** All names are known: what is below the folders and not in the plan came later. */
  readonly complete: boolean;
}

/** How far something is that is done to many keys. */
export interface ChangeProgress {
  readonly task: string;
  /** Keys that were found, and later of these the ones that it was done to. */
  readonly keys: number;
  /** Of so many, where that is known. */
  readonly of?: number;
  /** In the dry run of a deletion: what they have, as far as that is estimated. */
  readonly bytes?: number;
}

/**
 * What a window or a command asks of databases. It may live in a thread of its own, so everything that goes in and out is
 * plain data, and bytes are Uint8Arrays. A database that is not open has no rows, and its keys hold nothing that is known.
 */
export interface Inspector {
  open(target: DatabaseTarget, secret?: string): Promise<Result<OpenedDatabase>>;
  close(database: string): Promise<void>;
  /** While it is watched, what was lost is connected again, and names are read again when there are others; where that takes long, it is told. */
  watch(database: string, watched: boolean): Promise<void>;
  /** Has commands sent that change something, to a database that is not ours. */
  unlock(database: string, unlocked: boolean): Promise<void>;

  /** Reads names from the beginning. Those of an earlier scan for the same are shown until the new ones are whole. */
  scan(database: string, request: ScanRequest): Promise<void>;
  /**
   * Shows only names in which a text occurs, or which fit a pattern, among those that are known and those that come: the
   * servers are asked nothing. `text` is as somebody has typed it; all names are shown where it is empty.
   */
  filter(database: string, text: string): Promise<void>;
  setPace(database: string, pace: ScanPace): Promise<void>;
  /** Stops where it is until `resume`. */
  pause(database: string): Promise<void>;
  resume(database: string): Promise<void>;
  /** Rows of a folder, in the order of people where there are not too many: `step_2` before `step_10`. */
  rows(database: string, folder: KeyFolder, request: RowRequest): Promise<RowPage>;

  /** What keys hold, in their order, without their values. */
  details(database: string, keys: readonly Uint8Array[]): Promise<readonly KeyDetails[]>;
  /** A value as text, or a part of it. */
  value(database: string, key: Uint8Array, request: ValueRequest): Promise<Result<ValueText>>;

  rename(database: string, key: Uint8Array, target: Uint8Array): Promise<Result<void>>;
  /** Prefixes as `…{name}.`; gives how many keys were renamed. */
  renameDataset(database: string, prefix: Uint8Array, target: Uint8Array): Promise<Result<number>>;
  /** In so many milliseconds, or never; gives how many keys were there, of those that were asked for before it was cancelled. */
  setExpiry(database: string, chosen: KeyChoice, inMs: number | null): Promise<Result<number>>;
  /** The dry run: deletes nothing. The plan stays where it was made, for `delete`. Undefined where it was cancelled. */
  planDeletion(database: string, wish: DeletionWish): Promise<Result<DeletionSummary | undefined>>;
  /** Does what was planned as a task, and writes a journal into the directory. */
  delete(database: string, task: string, journal: string): Promise<Result<DeletionOutcome>>;
  /** Stops what is done before its next batch, or forgets a plan. */
  cancel(database: string, task: string): Promise<void>;

  readonly onDidProgress: Event<NamesProgress>;
  readonly onDidChangeState: Event<StateOfDatabase>;
  readonly onDidAdvance: Event<ChangeProgress>;
}
