import { DisposableStore, type Disposable } from '../base/disposables';
import { Emitter } from '../base/event';
import { problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import { Database } from '../database/database';
import type { DatabaseTarget } from '../database/databaseTarget';
import type { ScanPace } from '../keyspace/scan/scanTempo';
import type { KeyFolder, RowPage, RowRequest } from '../keyspace/tree/keyRow';
import type { DeletionOutcome } from '../value/change/deleteKeys';
import { readDetails } from '../value/details/readDetails';
import type { KeyDetails } from '../value/details/keyDetails';
import type { ValueRequest } from '../value/readValue';
import type { ValueText } from '../value/texts/valueText';
import type {
  ChangeProgress,
  DeletionSummary,
  DeletionWish,
  Inspector,
  KeyChoice,
  NamesProgress,
  OpenedDatabase,
  ScanRequest,
  StateOfDatabase,
} from './inspector';
import { Inspected } from './inspected';

/** Milliseconds without an answer after which a server counts as silent. */
const answerLimit = 10_000;

/** The databases that are looked into, each with its connections and the names that were found in it. */
export class DatabaseInspector implements Inspector, Disposable {
  private readonly owned = new DisposableStore();
  private readonly progressed = this.owned.add(new Emitter<NamesProgress>());
  private readonly stateChanged = this.owned.add(new Emitter<StateOfDatabase>());
  private readonly advanced = this.owned.add(new Emitter<ChangeProgress>());
  readonly onDidProgress = this.progressed.event;
  readonly onDidChangeState = this.stateChanged.event;
  readonly onDidAdvance = this.advanced.event;
  private readonly inspected = new Map<string, Inspected>();

  async open(target: DatabaseTarget, secret?: string): Promise<Result<OpenedDatabase>> {
    await this.close(target.id);
    const opened = await Database.open(target, {
      limitMs: answerLimit,
      ...(secret === undefined ? {} : { secret }),
    });
    if (!opened.ok) return failure(...opened.problems);
    const database = opened.value;
    // It may have been opened a second time meanwhile.
    await this.close(target.id);
    database.onDidChangeState((state) => {
      this.stateChanged.fire({ database: target.id, state });
    });
    const inspected = new Inspected(database, {
      progressed: (progress) => {
        this.progressed.fire(progress);
      },
      changed: (progress) => {
        this.advanced.fire(progress);
      },
    });
    this.inspected.set(target.id, inspected);
    return success({ clustered: database.clustered, shards: database.shards.length });
  }

  close(database: string): Promise<void> {
    this.inspected.get(database)?.dispose();
    this.inspected.delete(database);
    return Promise.resolve();
  }

  watch(database: string, watched: boolean): Promise<void> {
    return this.tell(database, (one) => {
      one.watch(watched);
    });
  }

  unlock(database: string, unlocked: boolean): Promise<void> {
    return this.tell(database, (one) => {
      if (unlocked) one.database.unlock();
      else one.database.lock();
    });
  }

  scan(database: string, request: ScanRequest): Promise<void> {
    return this.tell(database, (one) => {
      one.scan(request);
    });
  }

  filter(database: string, text: string): Promise<void> {
    return this.tell(database, (one) => {
      one.filter(text);
    });
  }

  setPace(database: string, pace: ScanPace): Promise<void> {
    return this.tell(database, (one) => {
      one.setPace(pace);
    });
  }

  pause(database: string): Promise<void> {
    return this.tell(database, (one) => {
      one.pause();
    });
  }

  resume(database: string): Promise<void> {
    return this.tell(database, (one) => {
      one.resume();
    });
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

  value(database: string, key: Uint8Array, request: ValueRequest): Promise<Result<ValueText>> {
    return this.ask(database, (one) => one.value(key, request));
  }

  rename(database: string, key: Uint8Array, target: Uint8Array): Promise<Result<void>> {
    return this.ask(database, (one) => one.changes.rename(key, target));
  }

  renameDataset(database: string, prefix: Uint8Array, target: Uint8Array): Promise<Result<number>> {
    return this.ask(database, (one) => one.changes.renameDataset(prefix, target));
  }

  setExpiry(database: string, chosen: KeyChoice, inMs: number | null): Promise<Result<number>> {
    return this.ask(database, (one) => one.changes.setExpiry(chosen, inMs));
  }

  planDeletion(database: string, wish: DeletionWish): Promise<Result<DeletionSummary | undefined>> {
    return this.ask(database, (one) => one.changes.planDeletion(wish));
  }

  delete(database: string, task: string, journal: string): Promise<Result<DeletionOutcome>> {
    return this.ask(database, (one) => one.changes.delete(task, journal));
  }

  cancel(database: string, task: string): Promise<void> {
    return this.tell(database, (one) => {
      one.changes.cancel(task);
    });
  }

  dispose(): void {
    for (const one of this.inspected.values()) one.dispose();
    this.inspected.clear();
    this.owned.dispose();
  }

  private tell(database: string, what: (one: Inspected) => void): Promise<void> {
    const found = this.inspected.get(database);
    if (found !== undefined) what(found);
    return Promise.resolve();
  }

  private async ask<T>(database: string, what: (one: Inspected) => Promise<Result<T>>): Promise<Result<T>> {
    const found = this.inspected.get(database);
    return found === undefined ? failure(problem('database-not-open')) : what(found);
  }
}

const noRows: RowPage = { rows: [], total: 0, rest: 0, order: 'natural', complete: false };
