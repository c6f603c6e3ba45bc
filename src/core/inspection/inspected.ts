import { setImmediate } from 'node:timers/promises';
import type { Disposable } from '../base/disposables';
import type { Result } from '../base/result';
import type { Database } from '../database/database';
import type { ScanPace } from '../keyspace/scan/scanTempo';
import { metadataKeyOf, plainGrouping, type KeyGrouping } from '../keyspace/tree/keyGrammar';
import type { KeyFolder, RowPage, RowRequest } from '../keyspace/tree/keyRow';
import { rowsOf } from '../keyspace/tree/rowsOf';
import { shardPrefix } from '../keyspace/tree/shardPrefix';
import { readValue, type ValueRequest } from '../value/readValue';
import type { ValueText } from '../value/texts/valueText';
import { InspectedChanges } from './inspectedChanges';
import type { DeletionProgress, NamesProgress, ScanRequest } from './inspector';
import { NameReading } from './nameReading';
import { SizeWatch } from './sizeWatch';

/** Who is told what nobody has asked for. */
export interface InspectedListener {
  progressed(progress: NamesProgress): void;
  deleted(progress: DeletionProgress): void;
}

/** Rows that are gone through without a pause. */
const rowsAtOnce = 2000;

/** One database that is looked into: its names as far as they are known, and what is asked about its keys. */
export class Inspected implements Disposable {
  /** What is shown. */
  private shown: NameReading | undefined;
  /** What is read, where that is not shown yet. */
  private coming: NameReading | undefined;
  private watching: Disposable | undefined;
  private readonly ending = new AbortController();
  readonly changes: InspectedChanges;

  constructor(
    readonly database: Database,
    private readonly listener: InspectedListener,
  ) {
    this.changes = new InspectedChanges(
      database,
      {
        names: () => this.shown?.names,
        keys: (folder) => this.keysBelow(folder),
        outdated: () => {
          if (this.shown !== undefined) this.scan(this.shown.request);
        },
      },
      (progress) => {
        this.listener.deleted(progress);
      },
    );
  }

  scan(request: ScanRequest): void {
    this.coming?.dispose();
    const reading = new NameReading(this.database, request, () => {
      this.progressed(reading);
    });
    const { shown } = this;
    if (shown?.isWhole === true && shown.looksFor(request)) this.coming = reading;
    else this.show(reading);
    reading.begin();
  }

  setPace(pace: ScanPace): void {
    for (const reading of [this.shown, this.coming]) reading?.setPace(pace);
  }

  pause(): void {
    for (const reading of [this.shown, this.coming]) reading?.pause();
  }

  resume(): void {
    for (const reading of [this.shown, this.coming]) reading?.resume();
  }

  watch(watched: boolean): void {
    if (watched === (this.watching !== undefined)) return;
    this.watching?.dispose();
    this.watching = watched ? this.watchBoth() : undefined;
  }

  rows(folder: KeyFolder, request: RowRequest): RowPage {
    if (this.shown === undefined) return { rows: [], total: 0, rest: 0, order: 'natural', complete: false };
    return rowsOf(this.shown.names, folder, request, this.grouping);
  }

  value(key: Uint8Array, request: ValueRequest): Promise<Result<ValueText>> {
    return readValue(this.database, key, request, this.ending.signal);
  }

  dispose(): void {
    this.ending.abort();
    this.changes.dispose();
    this.watch(false);
    this.coming?.dispose();
    this.shown?.dispose();
    this.database.dispose();
  }

  /** SmartRedis begins the names of AI models by what lands in the first slot of each range. */
  private get grouping(): KeyGrouping {
    const { clustered, shards } = this.database;
    if (!clustered) return plainGrouping;
    const shardPrefixes = shards.flatMap(({ slots }) => slots.map(([from]) => shardPrefix(from)));
    return { ...plainGrouping, shardPrefixes };
  }

  /** All that is known below a folder, some at a time: rows are asked for meanwhile. Below a dataset its metadata too. */
  private async *keysBelow(folder: KeyFolder): AsyncGenerator<readonly Uint8Array[]> {
    if (folder.kind === 'dataset') yield [metadataKeyOf(folder.prefix)];
    for (let after: Uint8Array | undefined; ;) {
      const where = after === undefined ? {} : { after };
      const { rows, next } = this.rows(folder, { from: 0, most: rowsAtOnce, ...where });
      for (const row of rows) {
        if (row.kind === 'key') yield [row.key];
        else if (row.kind === 'aiModel') yield row.keys;
        else yield* this.keysBelow(row.folder);
      }
      if (next === undefined) return;
      after = next;
      await setImmediate();
    }
  }

  private progressed(reading: NameReading): void {
    if (reading === this.coming && reading.isWhole) {
      this.coming = undefined;
      this.show(reading);
    }
    if (reading === this.shown || (reading === this.coming && reading.isSlow)) this.tell();
  }

  private tell(): void {
    const { shown, coming } = this;
    if (shown === undefined) return;
    const anew = coming?.isSlow === true ? { anew: coming.progress } : {};
    this.listener.progressed({ ...shown.progress, ...anew });
  }

  private show(reading: NameReading): void {
    this.shown?.dispose();
    this.shown = reading;
  }

  private watchBoth(): Disposable {
    const beats = this.database.watch();
    const sizes = new SizeWatch(this.database, (keys) => {
      this.counted(keys);
    });
    return {
      dispose: () => {
        beats.dispose();
        sizes.dispose();
      },
    };
  }

  /** The names of a small database are read again; of a large one it is told that they are old. */
  private counted(keys: number): void {
    const { shown, coming } = this;
    if (shown?.isWhole !== true || coming !== undefined || keys === shown.expectedThen) return;
    if (!shown.isSlow) this.scan(shown.request);
    else {
      shown.now = keys;
      this.tell();
    }
  }
}
