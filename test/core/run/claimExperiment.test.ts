import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import files from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../../src/core/base/problem';
import type { Result } from '../../../src/core/base/result';
import type { ProcessIdentity } from '../../../src/core/launch/launchEvents';
import { identify } from '../../../src/core/launch/processIdentity';
import { claimExperiment } from '../../../src/core/run/claimExperiment';
import { Journal } from '../../../src/core/run/journal';
import { createRunDirectory } from '../../../src/core/run/runDirectory';
import { RunIndex } from '../../../src/core/run/runIndex';
import type { RunRecord } from '../../../src/core/run/runRecord';
import { startRun } from '../../../src/core/run/startRun';
import { Decoy } from '../../support/decoy';
import { planOf } from '../../support/planOf';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

/** Counts how often it is read. */
class CountedIndex extends RunIndex {
  reads = 0;

  override list(): Promise<Result<readonly RunRecord[]>> {
    this.reads += 1;
    return super.list();
  }
}

describe('a launch that waits for another of the same file', () => {
  let work: WorkDirectory;
  let index: CountedIndex;
  let own: RunRecord;
  let other: Decoy;
  beforeEach(async () => {
    work = workDirectory();
    index = new CountedIndex(work.directories);
    other = await Decoy.start();
    own = await shown('20261123T145109-0001', identify(process.pid)!);
    await shown('20261123T145109-0002', identify(other.pid)!);
    process.kill(other.pid, 'SIGSTOP');
  });
  afterEach(async () => {
    await other.end();
    work.remove();
  });

  /** A launch that has shown itself, and has not begun. */
  async function shown(runId: string, starter: ProcessIdentity): Promise<RunRecord> {
    const plan = planOf({ directory: work.path, runId });
    assert.equal(await createRunDirectory(plan), undefined);
    const event = { type: 'run-planned' as const, plan };
    const journal = Journal.create(plan.runDirectory, { sequence: 1, at: 0, elapsedMs: 0, event });
    assert.ok(journal.ok);
    journal.value.close();
    const { experiment, file, runDirectory, host } = plan;
    const record: RunRecord = {
      version: 1,
      id: runId,
      experiment,
      file,
      runDirectory,
      host,
      createdAt: 0,
      starter,
    };
    assert.equal(await index.add(record), undefined);
    return record;
  }

  it('and was stopped gives up, names its process, and has looked the more seldom the longer it took', async () => {
    const refused = await claimExperiment(index, own, undefined, 1000);
    assert.equal(refused?.code, 'launch-held-up');
    assert.match(messageOf(refused), new RegExp(`by process ${other.pid}\\b.* for 1 seconds`));
    assert.ok(index.reads <= 10, `${index.reads} looks`);
  });

  it('can be cancelled', async () => {
    const cancelled = new AbortController();
    const claimed = claimExperiment(index, own, cancelled.signal);
    setTimeout(() => {
      cancelled.abort();
    }, 50);
    assert.equal((await claimed)?.code, 'launch-cancelled');
  });

  it('withdraws its record when it meets a bug', async () => {
    const program = path.join(work.path, 'supervisor.js');
    writeFileSync(program, '');
    const plan = planOf({ directory: work.path, runId: '20261123T145109-0003' });
    const { readFile } = files;
    const failsForOther = (file: string, ...rest: []): Promise<Buffer> => {
      if (path.dirname(file) === own.runDirectory) throw new Error('a bug');
      return readFile(file, ...rest);
    };
    files.readFile = failsForOther as typeof readFile;
    try {
      const { directories } = work;
      const options = { node: process.execPath, supervisor: program, environment: {}, directories };
      await assert.rejects(startRun(plan, options), /a bug/);
    } finally {
      files.readFile = readFile;
    }
    assert.equal(existsSync(plan.runDirectory), false);
    const records = await index.list();
    assert.ok(records.ok);
    assert.ok(!records.value.some(({ id }) => id === plan.runId));
  });

  it('goes on when that has ended', async () => {
    const claimed = claimExperiment(index, own);
    await other.end();
    assert.equal(await claimed, undefined);
  });
});
