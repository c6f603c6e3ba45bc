import assert from 'node:assert/strict';
import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { identify } from '../../../src/core/launch/processIdentity';
import { newRunId } from '../../../src/core/run/newRunId';
import { RunIndex } from '../../../src/core/run/runIndex';
import type { RunRecord } from '../../../src/core/run/runRecord';
import { untilLaunched } from '../../../src/core/run/untilLaunched';
import { CommandLine } from '../../support/commandLine';
import { Decoy } from '../../support/decoy';
import { idsOf, OldRuns } from '../../support/oldRuns';
import { day, goneProcess, type PastRun } from '../../support/pastRuns';
import { planOf } from '../../support/planOf';
import type { CliOutcome } from '../../support/runCli';
import { fixtureModel, startedRun, until } from '../../support/startedRun';

const mebibyte = 1024 ** 2;

describe('old runs', () => {
  let old: OldRuns;
  beforeEach(() => {
    old = new OldRuns();
  });
  afterEach(() => {
    old.work.remove();
  });

  it('are removed with their records when they ended 30 days ago and 20 newer ones are there', async () => {
    const long = await old.add({ began: 50, ended: 29 });
    const ended = [await old.add({ began: 45 }), await old.add({ began: 40, ended: 31 })];
    const lost = await old.add({ began: 42, ended: null });
    await old.addTwentyNewer();
    const dry = await old.pruned({ dryRun: true });
    assert.deepEqual(idsOf(dry.removed), idsOf([...ended, lost]));
    assert.equal((await old.listed()).length, 24);
    const { removed, problems } = await old.pruned();
    assert.deepEqual(problems, []);
    assert.deepEqual(idsOf(removed), idsOf([...ended, lost]));
    assert.ok([...ended, lost].every(({ runDirectory }) => !existsSync(runDirectory)));
    assert.ok((await old.listed()).includes(long.id));
    assert.equal((await old.listed()).length, 21);
    assert.deepEqual(readdirSync(path.join(old.work.directories.state, 'runs')).length, 21);
    assert.deepEqual((await old.pruned()).removed, []);
  });

  it('are kept when they are the newest of their experiment, or younger', async () => {
    for (let index = 0; index < 20; index++) await old.add({ began: 400 + index });
    assert.deepEqual((await old.pruned()).removed, []);
    for (let index = 0; index < 30; index++) await old.add({ began: 1 });
    // The old ones are beyond the number now.
    assert.equal((await old.pruned()).removed.length, 20);
    assert.equal((await old.listed()).length, 30);
  });

  describe('are left as they are', () => {
    let decoy: Decoy | undefined;
    afterEach(async () => {
      await decoy?.end();
      decoy = undefined;
    });

    async function keeps(record: RunRecord): Promise<void> {
      const before = contentOf(record.runDirectory);
      await old.addTwentyNewer();
      const { removed, forgotten, cut } = await old.pruned({ longest: 10 });
      assert.deepEqual([removed, forgotten, cut], [[], [], []]);
      assert.deepEqual(contentOf(record.runDirectory), before);
      assert.ok((await old.listed()).includes(record.id));
    }

    it('while their supervisor lives', async () => {
      await keeps(await old.add({ began: 40, ended: null, supervisor: identify(process.pid)! }));
    });

    it('while a process of theirs lives, whatever the record says', async () => {
      const record = await old.add({ began: 40 });
      decoy = await Decoy.start({ SSW_RUN_ID: record.id, SSW_ENTITY: 'sim' });
      await keeps(record);
      decoy.assertUntouched();
    });

    it('when they are those of another host', async () => {
      const elsewhere = { ...goneProcess(), hostId: '0'.repeat(32), bootId: 'another' };
      await keeps(await old.add({ began: 40, supervisor: elsewhere }));
    });

    it('when a newer version has written them', async () => {
      await keeps(await old.add({ began: 40, format: 2 }));
    });

    it('when their record cannot be read', async () => {
      const record = await old.add({ began: 40 });
      writeFileSync(path.join(record.runDirectory, 'journal.jsonl'), 'nonsense\n');
      await keeps(record);
    });

    it('while somebody owns them', async () => {
      const record = await old.add({ began: 40 });
      const owner = JSON.stringify({ owner: identify(process.pid) });
      writeFileSync(path.join(record.runDirectory, 'owner.1'), owner);
      await keeps(record);
    });
  });

  describe('keep of a long log', () => {
    const longest = 1000;

    async function withLog(given: PastRun, text: string): Promise<{ record: RunRecord; log: string }> {
      const record = await old.add(given);
      const log = path.join(record.runDirectory, 'logs', 'sim.out');
      writeFileSync(log, text);
      return { record, log };
    }

    it('its beginning and its end, with a line that says what was cut', async () => {
      const { log } = await withLog({ began: 1 }, `first${'x'.repeat(5000)}last`);
      const { cut, removed } = await old.pruned({ longest });
      assert.deepEqual(removed, []);
      assert.deepEqual(cut, [{ path: log, bytes: 5009 - 800 }]);
      const text = readFileSync(log, 'utf8');
      assert.match(
        text,
        /^firstx{395}\n\[4209 bytes were cut out here, after the run had ended\]\nx{396}last$/,
      );
      assert.ok(text.length <= longest);
      assert.equal(lstatSync(log).mode & 0o777, 0o600);
      assert.deepEqual((await old.pruned({ longest })).cut, []);
    });

    it('64 MiB, unless told otherwise', async () => {
      const { log } = await withLog({ began: 1 }, 'first');
      truncateSync(log, 64 * mebibyte);
      assert.deepEqual((await old.pruned()).cut, []);
      truncateSync(log, 65 * mebibyte);
      assert.equal((await old.pruned({ dryRun: true })).cut.length, 1);
      assert.equal(lstatSync(log).size, 65 * mebibyte);
      await old.pruned();
      assert.ok(lstatSync(log).size <= 64 * mebibyte);
      assert.equal(readFileSync(log).subarray(0, 5).toString(), 'first');
    });

    it('all while the run lives, and of what is no file of its own', async () => {
      const { log } = await withLog(
        { began: 1, ended: null, supervisor: identify(process.pid)! },
        'x'.repeat(5000),
      );
      const linked = await withLog({ began: 1 }, '');
      const target = path.join(old.work.path, 'target');
      writeFileSync(target, 'y'.repeat(5000));
      rmSync(linked.log);
      symlinkSync(target, linked.log);
      assert.deepEqual((await old.pruned({ longest })).cut, []);
      assert.equal(lstatSync(log).size, 5000);
      assert.equal(lstatSync(target).size, 5000);
    });
  });

  it('whose directory somebody removed are forgotten, unless their file system may only be away', async () => {
    const removed = await old.add({ began: 1 });
    const away = await old.add({ began: 1 });
    rmSync(removed.runDirectory, { recursive: true });
    rmSync(away.runDirectory, { recursive: true });
    await new RunIndex(old.work.directories).add({ ...away, file: '/not/mounted/lattice.smartsim.yaml' });
    const { forgotten } = await old.pruned();
    assert.deepEqual(idsOf(forgotten), [removed.id]);
    const left = readdirSync(path.join(old.work.directories.state, 'runs'));
    assert.deepEqual(left, [`${away.id}.json`]);
    assert.deepEqual((await old.pruned({ now: Date.now() + 31 * day })).forgotten.length, 1);
  });

  it('are removed by ssw prune: of one file or of all, told before on request', async () => {
    const first = await old.add({ began: 40 });
    await old.addTwentyNewer();
    const cli = new CommandLine(old.work);
    const ssw = (...words: readonly string[]): Promise<CliOutcome> => cli.ssw('prune', ...words);
    const of = { id: first.id, experiment: 'lattice', file: first.file, directory: first.runDirectory };
    const dry = await ssw('--dry-run', '--json');
    assert.equal(dry.exitCode, 0, dry.err);
    const nothing = { dryRun: true, removed: [], forgotten: [], cut: [], problems: [] };
    assert.deepEqual(JSON.parse(dry.out), { ...nothing, removed: [of] });
    assert.equal((await ssw('other.smartsim.yaml')).out, 'Nothing to remove.\n');
    assert.match((await ssw('--dry-run', 'lattice.smartsim.yaml')).out, /would be removed/);
    const done = await ssw('lattice.smartsim.yaml');
    assert.equal(done.out, `lattice  run ${first.id}  removed  ${first.runDirectory}\n`);
    assert.equal(done.exitCode, 0);
    assert.ok(!existsSync(first.runDirectory));
    assert.equal((await ssw('a', 'b')).exitCode, 2);

    const refused = await old.add({ began: 50 });
    const moved = path.join(old.work.path, 'moved');
    renameSync(refused.runDirectory, moved);
    symlinkSync(moved, refused.runDirectory);
    const failed = await ssw('--json');
    assert.equal(failed.exitCode, 1);
    assert.match(failed.out, /"code":"run-not-removed"/);
  });

  it('are removed by the next launch of their experiment, which does not wait for it', async () => {
    const first = await old.add({ began: 40 });
    await old.addTwentyNewer();
    const plan = planOf({
      directory: old.work.path,
      runId: newRunId(new Date()),
      models: [{ name: 'sim', argv: fixtureModel('wait') }],
    });
    const run = await startedRun(plan, old.work);
    try {
      assert.ok((await untilLaunched(run)).ok);
      const record = path.join(old.work.directories.state, 'runs', `${first.id}.json`);
      await until('the old run is gone', () => !existsSync(first.runDirectory) && !existsSync(record));
    } finally {
      await run.stop({ force: true });
      run.dispose();
    }
  });
});

/** All files of a directory with their texts. */
function contentOf(directory: string): readonly (readonly string[])[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry): readonly string[] => {
      const file = path.join(entry.path, entry.name);
      return [file, readFileSync(file, 'latin1')];
    })
    .sort();
}
