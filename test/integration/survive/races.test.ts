import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { userDirectories } from '../../../src/core/base/userDirectories';
import { identify } from '../../../src/core/launch/processIdentity';
import { claimExperiment } from '../../../src/core/run/claimExperiment';
import { Journal, readJournal } from '../../../src/core/run/journal';
import { createRunDirectory } from '../../../src/core/run/runDirectory';
import { RunIndex } from '../../../src/core/run/runIndex';
import { claimRun } from '../../../src/core/run/runOwnership';
import type { RunRecord } from '../../../src/core/run/runRecord';
import { planOf } from '../../support/planOf';

/** What the racing processes try in a folder of their own for each round; true: this one has won. */
const contests: Readonly<Record<string, (folder: string) => boolean | Promise<boolean>>> = {
  'to own a run whose owner is gone': (folder) => claimRun(folder).ok,
  /** The control: one who looks first and writes then. */
  'to own a run without link(2)': async (folder) => {
    const file = path.join(folder, 'owner.2');
    if (existsSync(file)) return false;
    // A busy machine may let none look while another writes.
    await delay(1);
    writeFileSync(file, '');
    return true;
  },
  'to launch an experiment': (folder) => launch(folder, true),
  /** The control: one who looks first and shows himself then. */
  'to launch an experiment without showing themselves first': (folder) => launch(folder, false),
};

/** A launch up to the point where its supervisor shows itself in the journal; here this process stands for it. */
async function launch(folder: string, showsFirst: boolean): Promise<boolean> {
  const index = new RunIndex(userDirectories({ HOME: folder }, 0));
  // Of several at the same moment in the same second, ids of their own are sure.
  const plan = planOf({ directory: folder, runId: `20261123T145109-${process.pid}` });
  const self = identify(process.pid)!;
  const record: RunRecord = {
    version: 1,
    id: plan.runId,
    experiment: plan.experiment,
    file: plan.file,
    runDirectory: plan.runDirectory,
    host: plan.host,
    createdAt: Date.now(),
    starter: self,
  };
  const show = async (): Promise<void> => {
    assert.equal(await createRunDirectory(plan), undefined);
    const first = { sequence: 1, at: 0, elapsedMs: 0, event: { type: 'run-planned' as const, plan } };
    const journal = Journal.create(plan.runDirectory, first);
    assert.ok(journal.ok);
    journal.value.close();
    assert.equal(await index.add(record), undefined);
  };
  if (showsFirst) await show();
  const refused = await claimExperiment(index, record);
  if (!showsFirst) await show();
  if (refused === undefined) {
    const content = await readJournal(plan.runDirectory);
    assert.ok(content.ok);
    const journal = Journal.open(plan.runDirectory, content.value);
    assert.ok(journal.ok);
    const event = { type: 'supervisor-started' as const, identity: self, socket: '', version: '' };
    journal.value.append({ sequence: 2, at: 0, elapsedMs: 0, event });
    journal.value.close();
    return true;
  }
  assert.equal(refused.code, 'run-already-live');
  await index.remove(record.id);
  rmSync(plan.runDirectory, { recursive: true });
  return false;
}

function contestant(): void {
  process.on('message', ({ contest, folder }: { contest: string; folder: string }) => {
    void Promise.resolve(contests[contest]!(folder)).then((won) => process.send!({ won }));
  });
}

/** Winners of each round. */
async function race(contest: string, rounds: number): Promise<readonly number[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'ssw-test-'));
  const racers = Array.from({ length: 3 }, () =>
    fork(__filename, [], { env: { ...process.env, SSW_TEST_RACER: '1' } }),
  );
  const winners: number[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const place = path.join(folder, String(round));
      mkdirSync(place);
      const gone = { ...identify(process.pid)!, startTime: '1' };
      writeFileSync(path.join(place, 'owner.1'), JSON.stringify({ owner: gone }));
      const answers = racers.map(answerOf);
      for (const racer of racers) racer.send({ contest, folder: place });
      winners.push((await Promise.all(answers)).filter((won) => won).length);
    }
  } finally {
    await Promise.all(racers.map(ended));
    rmSync(folder, { recursive: true, force: true });
  }
  return winners;
}

/** Whether the racer has won; rejects when it ends instead. */
async function answerOf(racer: ChildProcess): Promise<boolean> {
  const over = new AbortController();
  try {
    const message = once(racer, 'message', { signal: over.signal }) as Promise<[{ won: boolean }]>;
    const exit = once(racer, 'exit', { signal: over.signal }).then(() => assert.fail('a racer has ended'));
    return (await Promise.race([message, exit]))[0].won;
  } finally {
    over.abort();
  }
}

async function ended(racer: ChildProcess): Promise<void> {
  if (racer.exitCode !== null || racer.signalCode !== null) return;
  const exit = once(racer, 'exit');
  racer.kill('SIGKILL');
  await exit;
}

function suite(): void {
  describe('several processes at the same moment', () => {
    for (const contest of ['to own a run whose owner is gone', 'to launch an experiment']) {
      it(`try 1,000 times ${contest}: exactly one does`, async () => {
        assert.deepEqual(
          (await race(contest, 1000)).filter((winners) => winners !== 1),
          [],
        );
      }).timeout(120_000);
    }

    for (const control of [
      'to own a run without link(2)',
      'to launch an experiment without showing themselves first',
    ]) {
      it(`try ${control}: the control, in which several do`, async () => {
        let several = false;
        for (let attempt = 0; attempt < 10 && !several; attempt += 1) {
          several = (await race(control, 100)).some((count) => count > 1);
        }
        assert.ok(several);
      }).timeout(60_000);
    }
  });
}

if (process.env['SSW_TEST_RACER'] === undefined) suite();
else contestant();
