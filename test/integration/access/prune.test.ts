import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chownSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import files from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../../src/core/base/problem';
import { identify } from '../../../src/core/launch/processIdentity';
import { newRunId } from '../../../src/core/run/newRunId';
import { pruneRuns, type Pruned, type PruneOptions } from '../../../src/core/run/pruneRuns';
import { RunIndex } from '../../../src/core/run/runIndex';
import { isOwned } from '../../../src/core/run/runOwnership';
import type { RunRecord } from '../../../src/core/run/runRecord';
import { untilLaunched } from '../../../src/core/run/untilLaunched';
import { Decoy } from '../../support/decoy';
import { day, goneProcess, pastRun, type PastRun } from '../../support/pastRuns';
import { planOf } from '../../support/planOf';
import { runCli, type CliOutcome } from '../../support/runCli';
import { fixtureModel, startedRun, until } from '../../support/startedRun';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

const mebibyte = 1024 ** 2;

describe('old runs', () => {
  let work: WorkDirectory;
  beforeEach(() => {
    work = workDirectory();
  });
  afterEach(() => {
    work.remove();
  });

  /** So many newer ones that those before are beyond the number that is kept. */
  async function twentyNewer(): Promise<void> {
    for (let index = 0; index < 20; index++) await pastRun(work, { began: 35 });
  }

  async function past(given: PastRun): Promise<RunRecord> {
    return pastRun(work, given);
  }

  async function pruned(options: PruneOptions = {}): Promise<Pruned> {
    const result = await pruneRuns(work.directories, options);
    assert.ok(result.ok, result.problems.map(messageOf).join());
    return result.value;
  }

  function idsOf(records: readonly RunRecord[]): readonly string[] {
    return records.map(({ id }) => id).sort();
  }

  async function listed(): Promise<readonly string[]> {
    const records = await new RunIndex(work.directories).list();
    assert.ok(records.ok);
    return idsOf(records.value);
  }

  it('are removed with their records when they ended 30 days ago and 20 newer ones are there', async () => {
    const long = await past({ began: 50, ended: 29 });
    const old = [await past({ began: 45 }), await past({ began: 40, ended: 31 })];
    const lost = await past({ began: 42, ended: null });
    await twentyNewer();
    const dry = await pruned({ dryRun: true });
    assert.deepEqual(idsOf(dry.removed), idsOf([...old, lost]));
    assert.equal((await listed()).length, 24);
    const { removed, problems } = await pruned();
    assert.deepEqual(problems, []);
    assert.deepEqual(idsOf(removed), idsOf([...old, lost]));
    assert.ok([...old, lost].every(({ runDirectory }) => !existsSync(runDirectory)));
    assert.ok((await listed()).includes(long.id));
    assert.equal((await listed()).length, 21);
    assert.deepEqual(readdirSync(path.join(work.directories.state, 'runs')).length, 21);
    assert.deepEqual((await pruned()).removed, []);
  });

  it('are kept when they are the newest of their experiment, or younger', async () => {
    for (let index = 0; index < 20; index++) await past({ began: 400 + index });
    assert.deepEqual((await pruned()).removed, []);
    for (let index = 0; index < 30; index++) await past({ began: 1 });
    // The old ones are beyond the number now.
    assert.equal((await pruned()).removed.length, 20);
    assert.equal((await listed()).length, 30);
  });

  describe('are left as they are', () => {
    let decoy: Decoy | undefined;
    afterEach(async () => {
      await decoy?.end();
      decoy = undefined;
    });

    async function keeps(record: RunRecord): Promise<void> {
      const before = contentOf(record.runDirectory);
      await twentyNewer();
      const { removed, forgotten, cut } = await pruned({ longest: 10 });
      assert.deepEqual([removed, forgotten, cut], [[], [], []]);
      assert.deepEqual(contentOf(record.runDirectory), before);
      assert.ok((await listed()).includes(record.id));
    }

    it('while their supervisor lives', async () => {
      await keeps(await past({ began: 40, ended: null, supervisor: identify(process.pid)! }));
    });

    it('while a process of theirs lives, whatever the record says', async () => {
      const record = await past({ began: 40 });
      decoy = await Decoy.start({ SSW_RUN_ID: record.id, SSW_ENTITY: 'sim' });
      await keeps(record);
      decoy.assertUntouched();
    });

    it('when they are those of another host', async () => {
      const elsewhere = { ...goneProcess(), hostId: '0'.repeat(32), bootId: 'another' };
      await keeps(await past({ began: 40, supervisor: elsewhere }));
    });

    it('when a newer version has written them', async () => {
      await keeps(await past({ began: 40, format: 2 }));
    });

    it('when their record cannot be read', async () => {
      const record = await past({ began: 40 });
      writeFileSync(path.join(record.runDirectory, 'journal.jsonl'), 'nonsense\n');
      await keeps(record);
    });

    it('while somebody owns them', async () => {
      const record = await past({ began: 40 });
      const owner = JSON.stringify({ owner: identify(process.pid) });
      writeFileSync(path.join(record.runDirectory, 'owner.1'), owner);
      await keeps(record);
    });
  });

  describe('are removed without harm to anything else', () => {
    let precious: string;
    beforeEach(() => {
      precious = path.join(work.path, 'precious');
      mkdirSync(precious);
      writeFileSync(path.join(precious, 'file'), 'kept');
    });
    afterEach(() => {
      assert.equal(readFileSync(path.join(precious, 'file'), 'utf8'), 'kept');
    });

    async function refuses(record: RunRecord, reason: RegExp): Promise<void> {
      await twentyNewer();
      for (const dryRun of [true, false]) {
        const { removed, problems } = await pruned({ dryRun });
        assert.deepEqual(removed, []);
        assert.equal(problems[0]?.code, 'run-not-removed');
        assert.match(messageOf(problems[0]), reason);
      }
      assert.ok((await listed()).includes(record.id));
    }

    it('when symbolic links lie in them', async () => {
      const record = await past({ began: 40 });
      symlinkSync(precious, path.join(record.runDirectory, 'link'));
      symlinkSync(path.join(precious, 'file'), path.join(record.runDirectory, 'logs', 'sim.out'));
      await twentyNewer();
      assert.deepEqual(idsOf((await pruned()).removed), [record.id]);
      assert.ok(!existsSync(record.runDirectory));
    });

    it('and refused when a symbolic link stands in their place', async () => {
      const record = await past({ began: 40 });
      const moved = path.join(precious, 'moved');
      renameSync(record.runDirectory, moved);
      symlinkSync(moved, record.runDirectory);
      await refuses(record, /is a symbolic link/);
      assert.ok(existsSync(path.join(moved, 'journal.jsonl')));
    });

    it('and refused when their folder is a symbolic link', async () => {
      const record = await past({ began: 40 });
      await twentyNewer();
      const folder = path.dirname(record.runDirectory);
      const moved = path.join(precious, 'workbench');
      renameSync(folder, moved);
      symlinkSync(moved, folder);
      const { removed, problems } = await pruned();
      assert.deepEqual(removed, []);
      assert.match(messageOf(problems[0]!), /workbench is a symbolic link/);
      assert.equal(readdirSync(moved).length, 21);
    });

    it('and refused when a record names what is no run', async () => {
      const record = await past({ began: 40 });
      const elsewhere = path.join(precious, 'run');
      renameSync(record.runDirectory, elsewhere);
      const forged = { ...record, runDirectory: elsewhere };
      await new RunIndex(work.directories).add(forged);
      for (let index = 0; index < 20; index++) {
        const other = await past({ began: 35 });
        const beside = path.join(precious, other.id);
        renameSync(other.runDirectory, beside);
        await new RunIndex(work.directories).add({ ...other, runDirectory: beside });
      }
      const { removed, problems } = await pruned();
      assert.deepEqual(removed, []);
      assert.match(messageOf(problems[0]!), /does not lie where runs lie/);
      assert.ok(existsSync(path.join(elsewhere, 'journal.jsonl')));
    });

    it('and refused when the journal in them is that of another run', async () => {
      const record = await past({ began: 40 });
      const other = await past({ began: 41 });
      const journal = path.join(record.runDirectory, 'journal.jsonl');
      copyFileSync(path.join(other.runDirectory, 'journal.jsonl'), journal);
      rmSync(other.runDirectory, { recursive: true });
      await refuses(record, /another run/);
    });

    it('and refused when they belong to another user', async () => {
      assert.equal(process.getuid?.(), 0, 'gives a directory to another user (65534): run it as root');
      const record = await past({ began: 40 });
      chownSync(record.runDirectory, 65_534, 65_534);
      await refuses(record, /belongs to another user/);
    });

    it('and keep their owners until all else but their journal was removed, the last one longest', async () => {
      const record = await past({ began: 40 });
      await twentyNewer();
      const gone = JSON.stringify({ owner: goneProcess() });
      for (let owner = 1; owner < 12; owner += 1) {
        writeFileSync(path.join(record.runDirectory, `owner.${owner}`), gone);
      }
      const order: string[] = [];
      const { rm } = files;
      files.rm = (file, options) => {
        if (path.dirname(String(file)) === record.runDirectory) order.push(path.basename(String(file)));
        return rm(file, options);
      };
      try {
        assert.deepEqual(idsOf((await pruned()).removed), [record.id]);
      } finally {
        files.rm = rm;
      }
      const owners = Array.from({ length: 12 }, (_, index) => `owner.${index + 1}`);
      assert.deepEqual(order.slice(-13), [...owners, 'journal.jsonl']);
    });

    it('and keep their journal until all else could be removed', async () => {
      assert.equal(process.getuid?.(), 0, 'mounts a file system in a run: run it as root');
      const record = await past({ began: 40 });
      await twentyNewer();
      const mounted = path.join(record.runDirectory, 'logs');
      mkdirSync(mounted, { recursive: true });
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', mounted]);
      try {
        const { removed, problems } = await pruned();
        assert.deepEqual(removed, []);
        assert.match(messageOf(problems[0]!), /EBUSY/);
        assert.ok(existsSync(path.join(record.runDirectory, 'journal.jsonl')));
        assert.equal(isOwned(record.runDirectory), false, 'this process, which lives on, has let go');
      } finally {
        execFileSync('umount', [mounted]);
      }
      assert.deepEqual(idsOf((await pruned()).removed), [record.id]);
    });
  });

  describe('keep of a long log', () => {
    const longest = 1000;

    async function withLog(given: PastRun, text: string): Promise<{ record: RunRecord; log: string }> {
      const record = await past(given);
      const log = path.join(record.runDirectory, 'logs', 'sim.out');
      writeFileSync(log, text);
      return { record, log };
    }

    it('its beginning and its end, with a line that says what was cut', async () => {
      const { log } = await withLog({ began: 1 }, `first${'x'.repeat(5000)}last`);
      const { cut, removed } = await pruned({ longest });
      assert.deepEqual(removed, []);
      assert.deepEqual(cut, [{ path: log, bytes: 5009 - 800 }]);
      const text = readFileSync(log, 'utf8');
      assert.match(
        text,
        /^firstx{395}\n\[4209 bytes were cut out here, after the run had ended\]\nx{396}last$/,
      );
      assert.ok(text.length <= longest);
      assert.equal(lstatSync(log).mode & 0o777, 0o600);
      assert.deepEqual((await pruned({ longest })).cut, []);
    });

    it('64 MiB, unless told otherwise', async () => {
      const { log } = await withLog({ began: 1 }, 'first');
      truncateSync(log, 64 * mebibyte);
      assert.deepEqual((await pruned()).cut, []);
      truncateSync(log, 65 * mebibyte);
      assert.equal((await pruned({ dryRun: true })).cut.length, 1);
      assert.equal(lstatSync(log).size, 65 * mebibyte);
      await pruned();
      assert.ok(lstatSync(log).size <= 64 * mebibyte);
      assert.equal(readFileSync(log).subarray(0, 5).toString(), 'first');
    });

    it('all while the run lives, and of what is no file of its own', async () => {
      const { log } = await withLog(
        { began: 1, ended: null, supervisor: identify(process.pid)! },
        'x'.repeat(5000),
      );
      const linked = await withLog({ began: 1 }, '');
      const target = path.join(work.path, 'target');
      writeFileSync(target, 'y'.repeat(5000));
      rmSync(linked.log);
      symlinkSync(target, linked.log);
      assert.deepEqual((await pruned({ longest })).cut, []);
      assert.equal(lstatSync(log).size, 5000);
      assert.equal(lstatSync(target).size, 5000);
    });
  });

  it('whose directory somebody removed are forgotten, unless their file system may only be away', async () => {
    const removed = await past({ began: 1 });
    const away = await past({ began: 1 });
    rmSync(removed.runDirectory, { recursive: true });
    rmSync(away.runDirectory, { recursive: true });
    await new RunIndex(work.directories).add({ ...away, file: '/not/mounted/lattice.smartsim.yaml' });
    const { forgotten } = await pruned();
    assert.deepEqual(idsOf(forgotten), [removed.id]);
    const left = readdirSync(path.join(work.directories.state, 'runs'));
    assert.deepEqual(left, [`${away.id}.json`]);
    assert.deepEqual((await pruned({ now: Date.now() + 31 * day })).forgotten.length, 1);
  });

  it('are removed by ssw prune: of one file or of all, told before on request', async () => {
    const old = await past({ began: 40 });
    await twentyNewer();
    const ssw = (...words: readonly string[]): Promise<CliOutcome> =>
      runCli(['prune', ...words], {
        directory: work.path,
        environment: { ...process.env, HOME: work.path, XDG_STATE_HOME: undefined, XDG_DATA_HOME: undefined },
      });
    const of = { id: old.id, experiment: 'lattice', file: old.file, directory: old.runDirectory };
    const dry = await ssw('--dry-run', '--json');
    assert.equal(dry.exitCode, 0, dry.err);
    const nothing = { dryRun: true, removed: [], forgotten: [], cut: [], problems: [] };
    assert.deepEqual(JSON.parse(dry.out), { ...nothing, removed: [of] });
    assert.equal((await ssw('other.smartsim.yaml')).out, 'Nothing to remove.\n');
    assert.match((await ssw('--dry-run', 'lattice.smartsim.yaml')).out, /would be removed/);
    const done = await ssw('lattice.smartsim.yaml');
    assert.equal(done.out, `lattice  run ${old.id}  removed  ${old.runDirectory}\n`);
    assert.equal(done.exitCode, 0);
    assert.ok(!existsSync(old.runDirectory));
    assert.equal((await ssw('a', 'b')).exitCode, 2);

    const refused = await past({ began: 50 });
    const moved = path.join(work.path, 'moved');
    renameSync(refused.runDirectory, moved);
    symlinkSync(moved, refused.runDirectory);
    const failed = await ssw('--json');
    assert.equal(failed.exitCode, 1);
    assert.match(failed.out, /"code":"run-not-removed"/);
  });

  it('are removed by the next launch of their experiment, which does not wait for it', async () => {
    const old = await past({ began: 40 });
    await twentyNewer();
    const plan = planOf({
      directory: work.path,
      runId: newRunId(new Date()),
      models: [{ name: 'sim', argv: fixtureModel('wait') }],
    });
    const run = await startedRun(plan, work);
    try {
      assert.ok((await untilLaunched(run)).ok);
      const record = path.join(work.directories.state, 'runs', `${old.id}.json`);
      await until('the old run is gone', () => !existsSync(old.runDirectory) && !existsSync(record));
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
