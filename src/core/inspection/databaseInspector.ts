import { Emitter } from '../base/event';
import { failure, success, type Result } from '../base/result';
import { Database } from '../database/database';
import type { DatabaseTarget } from '../database/databaseTarget';
import type { KeyFolder, RowPage } from '../keyspace/tree/keyRow';
import type { Inspector, ScanProgress, ScanRequest } from './inspector';
import { Inspected } from './inspected';

/** Milliseconds without an answer after which a server counts as silent. */
const answerLimit = 10_000;

/** The databases that are looked into, each with its connections and the names that were found in it. */
export class DatabaseInspector implements Inspector {
  private readonly progressed = new Emitter<ScanProgress>();
  readonly onDidProgress = this.progressed.event;
  private readonly inspected = new Map<string, Inspected>();

  async open(target: DatabaseTarget, secret?: string): Promise<Result<{ readonly clustered: boolean }>> {
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
    return success({ clustered: opened.value.clustered });
  }

  async close(database: string): Promise<void> {
    this.inspected.get(database)?.dispose();
    this.inspected.delete(database);
    await Promise.resolve();
  }

  async scan(database: string, request: ScanRequest): Promise<void> {
    this.of(database).scan(request);
    await Promise.resolve();
  }

  async pause(database: string): Promise<void> {
    this.of(database).pause();
    await Promise.resolve();
  }

  async rows(database: string, folder: KeyFolder, from: number, most: number): Promise<RowPage> {
    return Promise.resolve(this.of(database).rows(folder, from, most));
  }

  dispose(): void {
    for (const one of this.inspected.values()) one.dispose();
    this.inspected.clear();
    this.progressed.dispose();
  }

  private of(database: string): Inspected {
    const found = this.inspected.get(database);
    if (found === undefined) throw new Error(`The database ${database} is not open.`);
    return found;
  }
}
