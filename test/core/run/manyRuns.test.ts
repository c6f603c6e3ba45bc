import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs, { mkdirSync } from 'node:fs';
import files from 'node:fs/promises';
import path from 'node:path';
import { marksNow } from '../../../src/core/launch/marksNow';
import { openRun } from '../../../src/core/run/openRun';
import { pruneRuns } from '../../../src/core/run/pruneRuns';
import { RunIndex } from '../../../src/core/run/runIndex';
import { pastRun } from '../../support/pastRuns';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

describe('many runs without a supervisor', () => {
  let work: WorkDirectory;
  const { access, readdir } = files;
  const { readdirSync } = fs;
  beforeEach(() => {
    work = workDirectory();
  });
  afterEach(() => {
    files.access = access;
    files.readdir = readdir;
    fs.readdirSync = readdirSync;
    work.remove();
  });

  it('share the looks at all processes, which let others have their turn', async () => {
    const records = [];
    for (let index = 0; index < 12; index += 1) records.push(await pastRun(work, { began: 1, ended: null }));
    const looks: string[] = [];
    files.readdir = ((folder: string, ...rest: []) => {
      if (folder === '/proc') looks.push('in turns');
      return readdir(folder, ...rest);
    }) as typeof readdir;
    fs.readdirSync = ((folder: string, ...rest: []) => {
      if (folder === '/proc') looks.push('at once');
      return readdirSync(folder, ...rest);
    }) as typeof readdirSync;
    const found = await Promise.all(records.map(({ id }) => marksNow(id)));
    assert.ok(found.every((ofRun) => ofRun.length === 0));
    // One that was under way when the others asked, and one for them.
    assert.deepEqual(looks, ['in turns', 'in turns']);
    const runs = await Promise.all(records.map(openRun));
    for (const { snapshot } of runs) assert.equal(snapshot.cause?.code, 'run-lost');
    assert.ok(!looks.includes('at once'));
    assert.ok(looks.length <= 2 + runs.length, 'one for each at most');
  });

  it('on a file system that does not answer are shown as such, hold up no others, and ask it once', async () => {
    assert.equal(process.getuid?.(), 0, 'mounts a file system: run it as root');
    const dead = path.join(work.path, 'dead file system');
    mkdirSync(dead);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', dead]);
    let back = (): void => undefined;
    try {
      const away = [];
      for (let index = 0; index < 6; index += 1)
        away.push(await pastRun({ ...work, path: dead }, { began: 40, ended: null }));
      const here = await pastRun(work, { began: 1, ended: null });
      let asked = 0;
      const waiting = new Promise<void>((resolve) => {
        back = resolve;
      });
      files.access = async (file, mode) => {
        if (String(file).startsWith(dead)) {
          asked += 1;
          await waiting;
        }
        return access(file, mode);
      };
      const listed = await new RunIndex(work.directories).list();
      assert.ok(listed.ok);
      assert.equal(listed.value.length, 7);
      const [first, last] = await Promise.all([openRun(away[0]!), openRun(here)]);
      assert.equal(last.snapshot.cause?.code, 'run-lost');
      assert.equal(first.snapshot.cause?.code, 'run-not-reachable');
      assert.equal((await first.stop()).problems[0]?.code, 'run-not-reachable');
      const pruned = await pruneRuns(work.directories);
      assert.ok(pruned.ok);
      assert.deepEqual([pruned.value.removed, pruned.value.forgotten], [[], []]);
      assert.equal(asked, 1);
      back();
      assert.equal((await openRun(away[0]!)).snapshot.cause?.code, 'run-lost', 'it is back');
    } finally {
      back();
      execFileSync('umount', [dead]);
    }
  });
});
