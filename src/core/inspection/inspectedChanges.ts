import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { joinBytes } from '../base/bytes';
import type { Disposable } from '../base/disposables';
import { problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import type { Database } from '../database/database';
import { problemOfFailure } from '../database/databaseFailure';
import type { KeyNames } from '../keyspace/names/keyNames';
import type { KeyFolder } from '../keyspace/tree/keyRow';
import { RedisFailure } from '../redis/redisFailure';
import { deleteKeys, type DeletionOutcome } from '../value/change/deleteKeys';
import { planDeletion, type DeletionPlan } from '../value/change/planDeletion';
import { renameDataset, renameKey } from '../value/change/renameKeys';
import { setExpiry } from '../value/change/setExpiry';
import type { DeletionProgress, DeletionSummary, DeletionWish, KeyChoice } from './inspector';

/** The names that are known, which follow what is changed. */
interface KnownNames {
  readonly names: () => KeyNames | undefined;
  readonly keys: (folder: KeyFolder) => AsyncIterable<readonly Uint8Array[]>;
  /** So much has changed that they are to be read again. */
  readonly outdated: () => void;
}

/** For more keys, names are read again. */
const mostTakenOut = 100_000;
const takenOutAtOnce = 10_000;

interface PlannedDeletion {
  readonly plan: DeletionPlan;
  readonly ending: AbortController;
}

/** What is changed in one database. The names that are known follow, so that nothing has to be read again. */
export class InspectedChanges implements Disposable {
  private readonly deletions = new Map<string, PlannedDeletion>();

  constructor(
    private readonly database: Database,
    private readonly known: KnownNames,
    private readonly tell: (progress: DeletionProgress) => void,
  ) {}

  async rename(key: Uint8Array, target: Uint8Array): Promise<Result<void>> {
    const renamed = await renameKey(this.database, key, target);
    if (renamed.ok) this.moved([key], [target]);
    return renamed;
  }

  async renameDataset(prefix: Uint8Array, target: Uint8Array): Promise<Result<number>> {
    const parts = await this.keysOf({ keys: [], folders: [{ kind: 'dataset', prefix }] });
    const renamed = await renameDataset(this.database, prefix, target, parts);
    if (renamed.ok) {
      const meta = joinBytes([prefix, metaBytes]);
      const all = [meta, ...parts];
      this.moved(
        all,
        all.map((key) => joinBytes([target, key.subarray(prefix.length)])),
      );
    }
    return renamed;
  }

  async setExpiry(chosen: KeyChoice, inMs: number | null): Promise<Result<number>> {
    return setExpiry(this.database, await this.keysOf(chosen), inMs);
  }

  async planDeletion(wish: DeletionWish): Promise<Result<DeletionSummary>> {
    try {
      const plan = await planDeletion(this.database, wish.name, await this.keysOf(wish));
      const id = randomUUID();
      this.deletions.set(id, { plan, ending: new AbortController() });
      return success({
        plan: id,
        keys: plan.keys.length,
        shards: plan.shards.map(({ shard, keys: mine, bytes }) => ({
          ...{ shard, keys: mine.length },
          ...(bytes === undefined ? {} : { bytes }),
        })),
        sample: plan.sample,
        complete: this.known.names()?.complete === true,
      });
    } catch (error) {
      if (!(error instanceof RedisFailure)) throw error;
      return failure(problemOfFailure(error, this.database.target.name));
    }
  }

  async delete(id: string, journal: string): Promise<Result<DeletionOutcome>> {
    const planned = this.deletions.get(id);
    if (planned === undefined) return failure(problem('database-not-open'));
    const { plan, ending } = planned;
    const deleted = await deleteKeys(this.database, plan, {
      ...{ journal, signal: ending.signal },
      onProgress: (outcome) => {
        this.tell({ plan: id, outcome });
      },
    });
    this.deletions.delete(id);
    if (deleted.ok && deleted.value.left === 0 && plan.keys.length <= mostTakenOut)
      await this.takeOut(plan.keys);
    else this.known.outdated();
    return deleted;
  }

  cancelDeletion(id: string): void {
    this.deletions.get(id)?.ending.abort();
    this.deletions.delete(id);
  }

  dispose(): void {
    for (const id of [...this.deletions.keys()]) this.cancelDeletion(id);
  }

  private async keysOf({ keys, folders }: KeyChoice): Promise<readonly Uint8Array[]> {
    const distinct = new Map<string, Uint8Array>();
    const add = (key: Uint8Array): void => void distinct.set(Buffer.from(key).toString('latin1'), key);
    keys.forEach(add);
    for (const folder of folders) for await (const some of this.known.keys(folder)) some.forEach(add);
    return [...distinct.values()];
  }

  /** Some at a time: rows are asked for meanwhile. */
  private async takeOut(keys: readonly Uint8Array[]): Promise<void> {
    for (let at = 0; at < keys.length; at += takenOutAtOnce) {
      this.known.names()?.remove(keys.slice(at, at + takenOutAtOnce));
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
