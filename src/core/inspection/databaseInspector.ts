import type { Disposable } from '../base/disposables';
import { Emitter } from '../base/event';
import { failure, success, type Result } from '../base/result';
import { Database } from '../database/database';
import type { DatabaseTarget } from '../database/databaseTarget';
import type { KeyFolder, RowPage, RowRequest } from '../keyspace/tree/keyRow';
import { readDetails } from '../value/details/readDetails';
import type { KeyDetails } from '../value/details/keyDetails';
import type { Inspector, OpenedDatabase, ScanProgress, ScanRequest } from './inspector';
import { Inspected } from './inspected';

/** Milliseconds without an answer after which a server counts as silent. */
const answerLimit = 10_000;

/** The databases that are looked into, each with its connections and the names that were found in it. */
export class DatabaseInspector implements Inspector, Disposable {
  private readonly progressed = new Emitter<ScanProgress>();
  readonly onDidProgress = this.progressed.event;
  private readonly inspected = new Map<string, Inspected>();

  async open(target: DatabaseTarget, secret?: string): Promise<Result<OpenedDatabase>> {
    await this.close(target.id);
    const opened = await Database.open(target, {
      limitMs: answerLimit,
      ...(secret === undefined ? {} : { secret }),
    });
    if (!opened.ok) return failure(...opened.problems);
    this.inspected.set(
      target.id,
      new Inspected(opened.value, (progress) => {
        this.progressed.fire(progress);
      }),
    );
    return success({ clustered: opened.value.clustered, shards: opened.value.shards.length });
  }

  close(database: string): Promise<void> {
    this.inspected.get(database)?.dispose();
    this.inspected.delete(database);
    return Promise.resolve();
  }

  scan(database: string, request: ScanRequest): Promise<void> {
    this.inspected.get(database)?.scan(request);
    return Promise.resolve();
  }

  pause(database: string): Promise<void> {
    this.inspected.get(database)?.pause();
    return Promise.resolve();
  }

  resume(database: string): Promise<void> {
    this.inspected.get(database)?.resume();
    return Promise.resolve();
  }

  watch(database: string, watched: boolean): Promise<void> {
    this.inspected.get(database)?.watch(watched);
    return Promise.resolve();
  }

  rows(database: string, folder: KeyFolder, request: RowRequest): Promise<RowPage> {
    return Promise.resolve(this.inspected.get(database)?.rows(folder, request) ?? noRows);
  }

  async details(database: string, keys: readonly Uint8Array[]): Promise<readonly KeyDetails[]> {
    const found = this.inspected.get(database);
    return found === undefined
      ? keys.map((key) => ({ key, kind: 'unknown', missing: [] }))
      : readDetails(found.database, keys);
  }

  dispose(): void {
    for (const one of this.inspected.values()) one.dispose();
    this.inspected.clear();
    this.progressed.dispose();
  }
}

const noRows: RowPage = { rows: [], total: 0, rest: 0, order: 'natural', complete: false };
