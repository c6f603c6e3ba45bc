import { setImmediate } from 'node:timers/promises';
import { joinBytes } from '../base/bytes';
import type { Disposable } from '../base/disposables';
import { problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import type { Database } from '../database/database';
import { problemOfFailure } from '../database/databaseFailure';
import { compareBytes } from '../keyspace/names/compareBytes';
import type { KeyNames } from '../keyspace/names/keyNames';
import { RedisFailure } from '../redis/redisFailure';
import { deleteKeys, type DeletionOutcome } from '../value/change/deleteKeys';
import { planDeletion, type DeletionPlan } from '../value/change/planDeletion';
import { renameDataset, renameKey } from '../value/change/renameKeys';
import { setExpiry } from '../value/change/setExpiry';
import { batchesOf, type KeyList } from '../value/change/keyList';
import { gatherKeys, type GatheredKeys, type KeysBelow } from './gatherKeys';
import type { ChangeProgress, DeletionSummary, DeletionWish, KeyChoice } from './inspector';

/** The names that are known, which follow what is changed. */
interface KnownNames {
  readonly names: () => KeyNames | undefined;
  readonly keys: KeysBelow;
  /** So much has changed that they are to be read again. */
  readonly outdated: () => void;
}

/** For more keys, names are read again. */
const mostTakenOut = 100_000;
const takenOutAtOnce = 10_000;

/** Milliseconds from one report of a task to the next. */
const tellEvery = 100;
/** Keys of a dataset that are renamed together: beyond that renaming is refused. */
const mostParts = 20_000;

/** What is done to many keys, from its begin to its end; a deletion waits between its plan and that it is carried out. */
interface Task {
  readonly ending: AbortController;
  readonly plan?: DeletionPlan;
}

/** What is changed in one database. The names that are known follow, so that nothing has to be read again. */
export class InspectedChanges implements Disposable {
  private readonly tasks = new Map<string, Task>();

  constructor(
    private readonly database: Database,
    private readonly known: KnownNames,
    private readonly tell: (progress: ChangeProgress) => void,
  ) {}

  async rename(key: Uint8Array, target: Uint8Array): Promise<Result<void>> {
    const renamed = await renameKey(this.database, key, target);
    if (renamed.ok) this.moved([key], [target]);
    return renamed;
  }

  async renameDataset(prefix: Uint8Array, target: Uint8Array): Promise<Result<number>> {
    const parts = this.known.keys({ kind: 'dataset', prefix }, mostParts);
    const renamed = await renameDataset(this.database, prefix, target, parts);
    if (renamed.ok) {
      const meta = joinBytes([prefix, metaBytes]);
      const all = [meta, ...parts.filter((part) => compareBytes(part, meta) !== 0)];
      this.moved(
        all,
        all.map((key) => joinBytes([target, key.subarray(prefix.length)])),
      );
    }
    return renamed;
  }

  async setExpiry(chosen: KeyChoice, inMs: number | null): Promise<Result<number>> {
    const set = await this.during(chosen.task, async (signal) => {
      const keys = await this.gather(chosen, signal);
      const tell = this.teller(chosen.task);
      return setExpiry(this.database, keys, inMs, {
        signal,
        onProgress: (done) => {
          tell({ keys: done, of: keys.length });
        },
      });
    });
    return set ?? success(0);
  }

  async planDeletion(wish: DeletionWish): Promise<Result<DeletionSummary | undefined>> {
    const { task: id } = wish;
    try {
      const planned = await this.during(id, async (signal) => {
        const keys = await this.gather(wish, signal);
        const tell = this.teller(id);
        const plan = await planDeletion(this.database, wish.name, keys, {
          signal,
          onBytes: (bytes) => {
            tell({ keys: keys.length, bytes });
          },
        });
        return { plan, complete: keys.complete && this.known.names()?.complete === true };
      });
      if (planned === undefined) return success(undefined);
      const { plan, complete } = planned;
      this.tasks.set(id, { ending: new AbortController(), plan });
      return success({
        keys: plan.keys.length,
        shards: plan.shards.map(({ shard, keys: mine, bytes }) => ({
          ...{ shard, keys: mine.length },
          ...(bytes === undefined ? {} : { bytes }),
        })),
        sample: plan.sample,
        complete,
      });
    } catch (error) {
      if (!(error instanceof RedisFailure)) throw error;
      return failure(problemOfFailure(error, this.database.target.name));
    }
  }

  async delete(id: string, journal: string): Promise<Result<DeletionOutcome>> {
    const { plan, ending } = this.tasks.get(id) ?? {};
    if (plan === undefined || ending === undefined) return failure(problem('database-not-open'));
    const tell = this.teller(id);
    const deleted = await deleteKeys(this.database, plan, {
      ...{ journal, signal: ending.signal },
      onProgress: ({ left }) => {
        tell({ keys: plan.keys.length - left, of: plan.keys.length });
      },
    });
    this.tasks.delete(id);
    if (deleted.ok && deleted.value.left === 0 && plan.keys.length <= mostTakenOut)
      await this.takeOut(plan.keys);
    else this.known.outdated();
    return deleted;
  }

  cancel(id: string): void {
    this.tasks.get(id)?.ending.abort();
    this.tasks.delete(id);
  }

  dispose(): void {
    for (const id of [...this.tasks.keys()]) this.cancel(id);
  }

  /** Has it known as long as it takes, so that it can be cancelled; undefined where it was. */
  private async during<T>(id: string, work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    const ending = new AbortController();
    this.tasks.set(id, { ending });
    try {
      return await work(ending.signal);
    } catch (error) {
      if (!ending.signal.aborted || error !== ending.signal.reason) throw error;
      return undefined;
    } finally {
      this.tasks.delete(id);
    }
  }

  private gather(chosen: KeyChoice, signal: AbortSignal): Promise<GatheredKeys> {
    const tell = this.teller(chosen.task);
    return gatherKeys(chosen, this.known.keys, {
      signal,
      onProgress: (keys) => {
        tell({ keys });
      },
    });
  }

  private teller(task: string): (progress: Omit<ChangeProgress, 'task'>) => void {
    let toldAt = -Infinity;
    return (progress) => {
      if (performance.now() < toldAt + tellEvery) return;
      toldAt = performance.now();
      this.tell({ task, ...progress });
    };
  }

  /** Some at a time: rows are asked for meanwhile. */
  private async takeOut(keys: KeyList): Promise<void> {
    for (const some of batchesOf(keys, takenOutAtOnce)) {
      this.known.names()?.remove(some);
      await setImmediate();
    }
  }

  private moved(from: readonly Uint8Array[], to: readonly Uint8Array[]): void {
    const names = this.known.names();
    if (names === undefined) return;
    names.remove(from);
    for (const name of to) names.add(name);
    names.settle();
  }
}

const metaBytes = new TextEncoder().encode('meta');
