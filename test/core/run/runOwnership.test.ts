import assert from 'node:assert/strict';
import fs, { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ProcessIdentity } from '../../../src/core/launch/launchEvents';
import { identify } from '../../../src/core/launch/processIdentity';
import { claimRun, isOwned, latestOwner } from '../../../src/core/run/runOwnership';
import { temporaryFolder } from '../../support/temporaryFolder';

describe('ownership of a run', () => {
  const { linkSync, readdirSync: listSync } = fs;
  // Before the folder is removed.
  afterEach(() => {
    fs.linkSync = linkSync;
    fs.readdirSync = listSync;
  });
  const folder = temporaryFolder();
  const self = identify(process.pid)!;

  function failing(code: string): never {
    throw Object.assign(new Error(code), { code });
  }

  function ownedBy(owner: ProcessIdentity | null, generation = 1): void {
    writeFileSync(path.join(folder.path, `owner.${generation}`), JSON.stringify({ owner }));
  }

  it('is given once, in a private file, and again after it was released', () => {
    const first = claimRun(folder.path);
    assert.ok(first.ok);
    assert.equal(first.value.generation, 1);
    assert.deepEqual(latestOwner(folder.path), { generation: 1, identity: self });
    assert.equal(statSync(path.join(folder.path, 'owner.1')).mode & 0o777, 0o600);
    const second = claimRun(folder.path);
    assert.equal(second.problems[0]?.code, 'run-owned');
    assert.equal(second.problems[0].args['pid'], process.pid);
    first.value.release();
    const third = claimRun(folder.path);
    assert.ok(third.ok);
    assert.equal(third.value.generation, 3);
    assert.deepEqual(readdirSync(folder.path).sort(), ['owner.1', 'owner.2', 'owner.3']);
  });

  it('follows an owner that is gone, also where its number is used again', () => {
    ownedBy({ ...self, startTime: '1' });
    const claimed = claimRun(folder.path);
    assert.ok(claimed.ok);
    assert.equal(claimed.value.generation, 2);
    assert.match(readFileSync(path.join(folder.path, 'owner.1'), 'utf8'), /"startTime":"1"/);
  });

  it('never follows an owner of another host or pid namespace', () => {
    for (const stranger of [
      { ...self, hostId: 'x', bootId: 'y' },
      { ...self, pidNamespace: '1' },
    ]) {
      ownedBy(stranger);
      assert.equal(claimRun(folder.path).problems[0]?.code, 'run-owned-elsewhere');
    }
    assert.deepEqual(readdirSync(folder.path), ['owner.1']);
  });

  it('is refused, and not guessed, where its file is damaged or the directory is missing', () => {
    writeFileSync(path.join(folder.path, 'owner.1'), '{"owner"');
    assert.equal(claimRun(folder.path).problems[0]?.code, 'owner-unreadable');
    assert.equal(claimRun(path.join(folder.path, 'none')).problems[0]?.code, 'file-failed');
  });

  it('is let go although that cannot be written, and others learn it when it can', () => {
    for (const code of ['ENOSPC', 'EROFS', 'ENOENT']) {
      const owned = claimRun(folder.path);
      assert.ok(owned.ok, code);
      fs.linkSync = () => failing(code);
      owned.value.release();
      const { generation } = owned.value;
      const text = readFileSync(path.join(folder.path, `owner.${generation}`), 'utf8');
      assert.deepEqual(JSON.parse(text), { owner: self }, 'others still read us');
      assert.equal(isOwned(folder.path), false, code);
      // What hinders it is the disk, and not the owner that we were.
      assert.notEqual(claimRun(folder.path).problems[0]?.code, 'run-owned');
      fs.linkSync = linkSync;
      assert.equal(isOwned(folder.path), false);
      const next = readFileSync(path.join(folder.path, `owner.${generation + 1}`), 'utf8');
      assert.deepEqual(JSON.parse(next), { owner: null });
    }
    const again = claimRun(folder.path);
    assert.ok(again.ok);
    assert.ok(isOwned(folder.path), 'what was let go is owned again');
    again.value.release();
  });

  it('is not ours while the owner before cannot be read, other than where only our own cannot be written', () => {
    ownedBy({ ...self, startTime: '1' });
    fs.linkSync = () => failing('EROFS');
    assert.equal(claimRun(folder.path).problems[0]?.code, 'read-only-file-system');
    for (const code of ['EMFILE', 'EIO', 'EACCES']) {
      fs.readdirSync = () => failing(code);
      const [found] = claimRun(folder.path).problems;
      assert.equal(found?.code, 'owner-unreadable');
      assert.equal(found.args['reason'], code);
    }
    // A directory that is not there has no owner.
    fs.readdirSync = () => failing('ESTALE');
    assert.equal(claimRun(folder.path).problems[0]?.code, 'file-failed');
  });

  it('counts generations as numbers', () => {
    for (let generation = 1; generation <= 10; generation += 1) ownedBy(null, generation);
    const claimed = claimRun(folder.path);
    assert.ok(claimed.ok);
    assert.equal(claimed.value.generation, 11);
  });
});
