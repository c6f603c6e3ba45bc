import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ProcessIdentity } from '../../../src/core/launch/launchEvents';
import { identify } from '../../../src/core/launch/processIdentity';
import { claimRun, latestOwner } from '../../../src/core/run/runOwnership';
import { temporaryFolder } from '../../support/temporaryFolder';

describe('ownership of a run', () => {
  const folder = temporaryFolder();
  const self = identify(process.pid)!;

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

  it('counts generations as numbers', () => {
    for (let generation = 1; generation <= 10; generation += 1) ownedBy(null, generation);
    const claimed = claimRun(folder.path);
    assert.ok(claimed.ok);
    assert.equal(claimed.value.generation, 11);
  });
});
