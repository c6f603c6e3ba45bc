import type { Disposable } from '../base/disposables';
import { Deferred } from '../base/deferred';
import type { Database } from '../database/database';
import { KeyNames } from '../keyspace/names/keyNames';
import { KeyspaceScan } from '../keyspace/scan/keyspaceScan';
import type { KeyFolder, KeyRow, RowPage, RowRequest } from '../keyspace/tree/keyRow';
import type { ScanProgress, ScanRequest } from './inspector';
import { keysOf, SizeWatch } from './sizeWatch';

/** Milliseconds: names that are read in less are read again as soon as the database holds others. */
const quick = 2000;

/** One database that is looked into: its names as far as they are known, and the scan that finds more. */
export class Inspected implements Disposable {
  private names = new KeyNames();
  private current: AbortController | undefined;
  private progress: ScanProgress | undefined;
  private request: ScanRequest = { pace: 'kind' };
  private resumed: Deferred<void> | undefined;
  private watching: SizeWatch | undefined;
  /** Keys that the database held when its names were read. */
  private sizeThen: number | undefined;
  private tookMs = 0;

  constructor(
    readonly database: Database,
    private readonly tell: (progress: ScanProgress) => void,
  ) {}

  scan(request: ScanRequest): void {
    this.current?.abort();
    this.resume();
    this.current = new AbortController();
    this.request = request;
    void this.run(request, this.current.signal);
  }

  pause(): void {
    this.resumed ??= new Deferred();
  }

  resume(): void {
    this.resumed?.resolve();
    this.resumed = undefined;
  }

  /** While somebody watches, names are read again when there are others, or it is told that there are. */
  watch(watched: boolean): void {
    if (watched === (this.watching !== undefined)) return;
    this.watching?.dispose();
    this.watching = watched
      ? new SizeWatch(this.database, (keys) => {
          this.counted(keys);
        })
      : undefined;
  }

  rows(folder: KeyFolder, { from, most }: RowRequest): RowPage {
    const rows: KeyRow[] = [];
    const { count } = this.names;
    const total = folder.kind === 'root' ? count : 0;
    const end = Math.min(total, from + most);
    for (let place = from; place < end; place += 1) {
      const key = this.names.nameAt(place);
      rows.push({ kind: 'key', key, label: key });
    }
    return { rows, total, rest: 0, order: 'natural', complete: this.progress?.state === 'complete' };
  }

  dispose(): void {
    this.current?.abort();
    this.resume();
    this.watch(false);
    this.database.dispose();
  }

  private counted(keys: number): void {
    if (this.progress?.state !== 'complete' || keys === this.sizeThen) return;
    if (this.tookMs < quick) this.scan(this.request);
    else this.report({ ...this.progress, now: keys });
  }

  private async run(request: ScanRequest, signal: AbortSignal): Promise<void> {
    const begun = performance.now();
    const size = (await keysOf(this.database)) ?? 0;
    const names = new KeyNames();
    const head = { database: this.database.target.id, pace: request.pace, shards: [] };
    const scan = new KeyspaceScan(this.database, names, request);
    signal.addEventListener('abort', () => {
      scan.dispose();
    });
    const state = (await scan.run()).state === 'complete' ? 'complete' : 'failed';
    if (signal.aborted) return;
    names.settle();
    this.names = names;
    this.sizeThen = size;
    this.tookMs = performance.now() - begun;
    this.report({ ...head, seen: names.count, expected: size, state });
  }

  private report(progress: ScanProgress): void {
    this.progress = progress;
    this.tell(progress);
  }
}
