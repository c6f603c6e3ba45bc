import type { Disposable } from '../base/disposables';
import type { Result } from '../base/result';
import type { Database } from '../database/database';
import type { ScanPace } from '../keyspace/scan/scanTempo';
import { plainGrouping, type KeyGrouping } from '../keyspace/tree/keyGrammar';
import { keysBelow } from '../keyspace/tree/keysBelow';
import type { KeyFolder, RowPage, RowRequest } from '../keyspace/tree/keyRow';
import { rowsOf } from '../keyspace/tree/rowsOf';
import { shardPrefix } from '../keyspace/tree/shardPrefix';
import { readValue, type ValueRequest } from '../value/readValue';
import type { ValueText } from '../value/texts/valueText';
import { InspectedChanges } from './inspectedChanges';
import type { ChangeProgress, NamesProgress, ScanRequest } from './inspector';
import { NameReading } from './nameReading';
import { SizeWatch } from './sizeWatch';

/** Who is told what nobody has asked for. */
export interface InspectedListener {
  progressed(progress: NamesProgress): void;
  changed(progress: ChangeProgress): void;
}

/** Milliseconds: names that were read in less are read again as soon as the database holds others. */
const quick = 2000;

/** One database that is looked into: its names as far as they are known, and what is asked about its keys. */
export class Inspected implements Disposable {
  /** What is shown. */
  private shown: NameReading | undefined;
  /** What is read, where that is not shown yet. */
  private coming: NameReading | undefined;
  /** Names that are looked for, as they were typed; all where it is empty. */
  private text = '';
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
        keys: (folder, most, after) => this.keysBelow(folder, most, after),
        outdated: () => {
          if (this.shown !== undefined) this.scan(this.shown.request);
        },
      },
      (progress) => {
        this.listener.changed(progress);
      },
    );
  }

  scan(request: ScanRequest): void {
    this.coming?.dispose();
    const reading = new NameReading(this.database, request, () => {
      this.progressed(reading);
    });
    const { shown } = this;
    if (shown?.isWhole === true && shown.request.type === request.type) this.coming = reading;
    else this.show(reading);
    reading.filter(this.text);
    reading.begin();
  }

  filter(text: string): void {
    this.text = text;
    for (const reading of [this.shown, this.coming]) reading?.filter(text);
    if (this.shown !== undefined) this.listener.progressed(this.shown.progress);
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
    return rowsOf(this.shown.visible, folder, request, this.grouping);
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

  /** Of what is shown below a folder; a dataset is one thing, of which all is told. */
  private keysBelow(folder: KeyFolder, most: number, after?: Uint8Array): readonly Uint8Array[] {
    if (this.shown === undefined) return [];
    const names = folder.kind === 'dataset' ? this.shown.names : this.shown.visible;
    return keysBelow(names, folder, this.grouping, most, after);
  }

  private progressed(reading: NameReading): void {
    if (reading === this.coming && reading.isShowable) {
      this.coming = undefined;
      this.show(reading);
    }
    if (reading === this.shown) this.listener.progressed(reading.progress);
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
    if (shown.tookMs < quick) this.scan(shown.request);
    else {
      shown.now = keys;
      this.listener.progressed(shown.progress);
    }
  }
}
