import assert from 'node:assert/strict';
import { messageOf } from '../../src/core/base/problem';
import { pruneRuns, type Pruned, type PruneOptions } from '../../src/core/run/pruneRuns';
import type { RunRecord } from '../../src/core/run/runRecord';
import { pastRun, type PastRun } from './pastRuns';
import { recordedRuns } from './startedRun';
import { workDirectory } from './workDirectory';

/** Past runs of one experiment, of which some are pruned. */
export class OldRuns {
  readonly work = workDirectory();

  add(given: PastRun): Promise<RunRecord> {
    return pastRun(this.work, given);
  }

  /** So many newer ones that those before are beyond the number that is kept. */
  async addTwentyNewer(): Promise<void> {
    for (let index = 0; index < 20; index++) await this.add({ began: 35 });
  }

  async pruned(options: PruneOptions = {}): Promise<Pruned> {
    const result = await pruneRuns(this.work.directories, options);
    assert.ok(result.ok, result.problems.map(messageOf).join());
    return result.value;
  }

  /** Ids of those that are left. */
  async listed(): Promise<readonly string[]> {
    return idsOf(await recordedRuns(this.work));
  }
}

export function idsOf(records: readonly RunRecord[]): readonly string[] {
  return records.map(({ id }) => id).sort();
}
