import { setImmediate } from 'node:timers/promises';
import type { Disposable } from '../base/disposables';
import type { Database } from '../database/database';
import { KeyNames } from '../keyspace/names/keyNames';
import { KeyspaceScan } from '../keyspace/scan/keyspaceScan';
import type { ScanPace } from '../keyspace/scan/scanTempo';
import type { SortedNames } from '../keyspace/names/sortedNames';
import type { NamesProgress, ScanRequest } from './inspector';
import { NameSearch } from './nameSearch';

/** Milliseconds that the order of names is worked at without a pause: rows are asked for meanwhile. */
const workMs = 8;

/** The names of a database as one scan brings them, and those of them that are looked for. */
export class NameReading implements Disposable {
  readonly names = new KeyNames();
  private readonly scan: KeyspaceScan;
  private begun = 0;
  private search: NameSearch | undefined;
  private ended: number | undefined;
  private disposed = false;
  /** Keys that the database has now, where that is known to be another number. */
  now: number | undefined;

  constructor(
    private readonly database: Database,
    readonly request: ScanRequest,
    private readonly tell: () => void,
  ) {
    this.scan = new KeyspaceScan(database, this.names, request);
    this.scan.onDidProgress(() => {
      this.names.tidySome(workMs);
      this.search?.goOn();
      if (!this.disposed && this.scan.progress.state !== 'complete') tell();
    });
  }

  begin(): void {
    this.begun = performance.now();
    void this.run();
  }

  /** All names are there and in their order. */
  get isWhole(): boolean {
    return this.ended !== undefined && this.names.complete;
  }

  /** They are whole, and those that are looked for are found. */
  get isShowable(): boolean {
    return this.isWhole && this.search?.found.complete !== false;
  }

  /** What is shown of them: all, or those that are looked for. */
  get visible(): SortedNames {
    this.search?.goOn();
    return this.search?.found ?? this.names;
  }

  /** Shows only names that fit; all where the text is empty. */
  filter(text: string): void {
    this.search?.dispose();
    this.search = text === '' ? undefined : new NameSearch(this.names, text, this.tell);
    this.search?.goOn();
  }

  /** What reading them has taken. */
  get tookMs(): number {
    return (this.ended ?? performance.now()) - this.begun;
  }

  /** Keys that the shards said they had. */
  get expectedThen(): number | undefined {
    const { shards } = this.scan.progress;
    const told = shards.map(({ expected }) => expected);
    return told.includes(undefined) ? undefined : told.reduce<number>((sum, keys = 0) => sum + keys, 0);
  }

  get progress(): NamesProgress {
    const { progress } = this.scan;
    const expected = this.expectedThen;
    const settling = progress.state === 'complete' && this.ended === undefined;
    return {
      ...progress,
      ...{ database: this.database.target.id, seen: this.names.count, full: this.names.full },
      ...(settling ? { state: 'scanning' as const } : {}),
      ...(expected === undefined || this.request.type !== undefined ? {} : { expected }),
      ...(this.search === undefined
        ? {}
        : { search: { found: this.search.found.count, left: this.search.found.left } }),
      ...(this.now === undefined ? {} : { now: this.now }),
    };
  }

  setPace(pace: ScanPace): void {
    if (this.ended === undefined) this.scan.pace = pace;
  }

  pause(): void {
    if (this.ended === undefined) this.scan.pause();
  }

  resume(): void {
    if (this.ended === undefined) this.scan.resume();
  }

  dispose(): void {
    this.disposed = true;
    this.search?.dispose();
    this.scan.dispose();
  }

  private async run(): Promise<void> {
    const { state } = await this.scan.run();
    while (!this.disposed && !this.names.settleSome(workMs)) await setImmediate();
    if (this.disposed) return;
    this.names.setWhole(state === 'complete');
    this.ended = performance.now();
    this.search?.goOn();
    this.tell();
  }
}
