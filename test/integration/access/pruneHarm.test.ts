import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import files from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../../src/core/base/problem';
import { RunIndex } from '../../../src/core/run/runIndex';
import { isOwned } from '../../../src/core/run/runOwnership';
import type { RunRecord } from '../../../src/core/run/runRecord';
import { idsOf, OldRuns } from '../../support/oldRuns';
import { goneProcess } from '../../support/pastRuns';

describe('old runs are removed without harm to anything else', () => {
  let old: OldRuns;
  let precious: string;
  beforeEach(() => {
    old = new OldRuns();
    precious = path.join(old.work.path, 'precious');
    mkdirSync(precious);
    writeFileSync(path.join(precious, 'file'), 'kept');
  });
  afterEach(() => {
    assert.equal(readFileSync(path.join(precious, 'file'), 'utf8'), 'kept');
    old.work.remove();
  });

  async function refuses(record: RunRecord, reason: RegExp): Promise<void> {
    await old.addTwentyNewer();
    for (const dryRun of [true, false]) {
      const { removed, problems } = await old.pruned({ dryRun });
      assert.deepEqual(removed, []);
      assert.equal(problems[0]?.code, 'run-not-removed');
      assert.match(messageOf(problems[0]), reason);
    }
    assert.ok((await old.listed()).includes(record.id));
  }

  it('when symbolic links lie in them', async () => {
    const record = await old.add({ began: 40 });
    symlinkSync(precious, path.join(record.runDirectory, 'link'));
    symlinkSync(path.join(precious, 'file'), path.join(record.runDirectory, 'logs', 'sim.out'));
    await old.addTwentyNewer();
    assert.deepEqual(idsOf((await old.pruned()).removed), [record.id]);
    assert.ok(!existsSync(record.runDirectory));
  });

  it('and refused when a symbolic link stands in their place', async () => {
    const record = await old.add({ began: 40 });
    const moved = path.join(precious, 'moved');
    renameSync(record.runDirectory, moved);
    symlinkSync(moved, record.runDirectory);
    await refuses(record, /is a symbolic link/);
    assert.ok(existsSync(path.join(moved, 'journal.jsonl')));
  });

  it('and refused when their folder is a symbolic link', async () => {
    const record = await old.add({ began: 40 });
    await old.addTwentyNewer();
    const folder = path.dirname(record.runDirectory);
    const moved = path.join(precious, 'workbench');
    renameSync(folder, moved);
    symlinkSync(moved, folder);
    const { removed, problems } = await old.pruned();
    assert.deepEqual(removed, []);
    assert.match(messageOf(problems[0]!), /workbench is a symbolic link/);
    assert.equal(readdirSync(moved).length, 21);
  });

  it('and refused when a record names what is no run', async () => {
    const record = await old.add({ began: 40 });
    const elsewhere = path.join(precious, 'run');
    renameSync(record.runDirectory, elsewhere);
    const forged = { ...record, runDirectory: elsewhere };
    await new RunIndex(old.work.directories).add(forged);
    for (let index = 0; index < 20; index++) {
      const other = await old.add({ began: 35 });
      const beside = path.join(precious, other.id);
      renameSync(other.runDirectory, beside);
      await new RunIndex(old.work.directories).add({ ...other, runDirectory: beside });
    }
    const { removed, problems } = await old.pruned();
    assert.deepEqual(removed, []);
    assert.match(messageOf(problems[0]!), /does not lie where runs lie/);
    assert.ok(existsSync(path.join(elsewhere, 'journal.jsonl')));
  });

  it('and refused when the journal in them is that of another run', async () => {
    const record = await old.add({ began: 40 });
    const other = await old.add({ began: 41 });
    const journal = path.join(record.runDirectory, 'journal.jsonl');
    copyFileSync(path.join(other.runDirectory, 'journal.jsonl'), journal);
    rmSync(other.runDirectory, { recursive: true });
    await refuses(record, /another run/);
  });

  it('and refused when they belong to another user', async () => {
    assert.equal(process.getuid?.(), 0, 'gives a directory to another user (65534): run it as root');
    const record = await old.add({ began: 40 });
    chownSync(record.runDirectory, 65_534, 65_534);
    await refuses(record, /belongs to another user/);
  });

  it('and keep their owners until all else but their journal was removed, the last one longest', async () => {
    const record = await old.add({ began: 40 });
    await old.addTwentyNewer();
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
      assert.deepEqual(idsOf((await old.pruned()).removed), [record.id]);
    } finally {
      files.rm = rm;
    }
    const owners = Array.from({ length: 12 }, (_, index) => `owner.${index + 1}`);
    assert.deepEqual(order.slice(-13), [...owners, 'journal.jsonl']);
  });

  it('and keep their journal until all else could be removed', async () => {
    assert.equal(process.getuid?.(), 0, 'mounts a file system in a run: run it as root');
    const record = await old.add({ began: 40 });
    await old.addTwentyNewer();
    const mounted = path.join(record.runDirectory, 'logs');
    mkdirSync(mounted, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', mounted]);
    try {
      const { removed, problems } = await old.pruned();
      assert.deepEqual(removed, []);
      assert.match(messageOf(problems[0]!), /EBUSY/);
      assert.ok(existsSync(path.join(record.runDirectory, 'journal.jsonl')));
      assert.equal(isOwned(record.runDirectory), false, 'this process, which lives on, has let go');
    } finally {
      execFileSync('umount', [mounted]);
    }
    assert.deepEqual(idsOf((await old.pruned()).removed), [record.id]);
  });
});
