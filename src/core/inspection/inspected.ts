import type { Disposable } from '../base/disposables';
import type { Database } from '../database/database';
import { KeyNames } from '../keyspace/names/keyNames';
import { scanShard } from '../keyspace/scan/scanShard';
import type { KeyFolder, KeyRow, RowPage } from '../keyspace/tree/keyRow';
import type { ScanProgress, ScanRequest } from './inspector';

/** One database that is looked into: its names as far as they are known, and the scan that finds more. */
export class Inspected implements Disposable {
  private names = new KeyNames();
  private current: AbortController | undefined;
  private state: ScanProgress['state'] = 'paused';

  constructor(
    private readonly database: Database,
    private readonly tell: (progress: ScanProgress) => void,
  ) {}

  scan(request: ScanRequest): void {
    this.current?.abort();
    this.current = new AbortController();
    this.names = new KeyNames();
    void this.run(request, this.current.signal);
  }

  pause(): void {
    this.current?.abort();
    this.state = 'paused';
  }

  rows(folder: KeyFolder, from: number, most: number): RowPage {
    const rows: KeyRow[] = [];
    if (folder.kind === 'root') {
      const end = Math.min(this.names.count, from + most);
      for (let place = from; place < end; place += 1) {
        const key = this.names.nameAt(place);
        rows.push({ kind: 'key', key, label: key });
      }
    }
    return { rows, total: this.names.count, complete: this.state === 'complete' };
  }

  dispose(): void {
    this.current?.abort();
    this.database.dispose();
  }

  private async run(request: ScanRequest, signal: AbortSignal): Promise<void> {
    this.state = 'scanning';
    try {
      for (const shard of this.database.shards) {
        for await (const page of scanShard(this.database, shard, request)) {
          if (signal.aborted) return;
          for (const name of page) this.names.add(name);
        }
      }
      this.names.settle();
      this.state = 'complete';
    } catch {
      if (signal.aborted) return;
      this.state = 'failed';
    }
    this.tell({
      database: this.database.target.id,
      pace: request.pace,
      seen: this.names.count,
      expected: this.names.count,
      shards: [],
      state: this.state,
    });
  }
}
