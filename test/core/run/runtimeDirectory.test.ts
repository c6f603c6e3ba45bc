import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { socketPathFor } from '../../../src/core/run/runtimeDirectory';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

const userId = process.getuid?.() ?? 0;
const runId = '20261123T145109-3fa9';

describe('socketPathFor', () => {
  let work: WorkDirectory;
  beforeEach(() => {
    work = workDirectory();
  });
  afterEach(() => {
    work.remove();
  });

  it('makes the first directory that serves, for this user alone', () => {
    const directory = path.join(work.path, 'own');
    const found = socketPathFor(runId, [directory, '/tmp'], userId);
    assert.ok(found.ok);
    assert.equal(found.value, path.join(directory, `${runId}.sock`));
    assert.equal(statSync(directory).mode & 0o777, 0o700);
  });

  it('takes the next where a path would be longer than sockets allow', () => {
    const deep = path.join(work.path, 'ü'.repeat(40));
    const shallow = path.join(work.path, 's');
    const found = socketPathFor(runId, [deep, shallow], userId);
    assert.ok(found.ok);
    assert.equal(path.dirname(found.value), shallow);
  });

  it('counts bytes: 100 are allowed, 101 are not', () => {
    const rest = Buffer.byteLength(`${work.path}//${runId}.sock`);
    assert.ok(socketPathFor(runId, [path.join(work.path, 'a'.repeat(100 - rest))], userId).ok);
    const long = socketPathFor(runId, [path.join(work.path, 'a'.repeat(101 - rest))], userId);
    assert.ok(!long.ok);
    assert.equal(long.problems[0]?.code, 'socket-path-too-long');
  });

  it('refuses a symbolic link, a file and a directory of somebody else', () => {
    const real = path.join(work.path, 'real');
    mkdirSync(real);
    const link = path.join(work.path, 'link');
    symlinkSync(real, link);
    const file = path.join(work.path, 'file');
    writeFileSync(file, '');
    const refused = socketPathFor(runId, [link, file], userId);
    assert.ok(!refused.ok);
    assert.equal(refused.problems[0]?.code, 'runtime-directory-refused');
    assert.match(
      String(refused.problems[0].args['reasons']),
      /link is a symbolic link; .*file is not a directory/,
    );
    const foreign = socketPathFor(runId, [real], userId + 1);
    assert.ok(!foreign.ok);
    assert.match(String(foreign.problems[0]?.args['reasons']), /belongs to another user/);
  });

  it('closes a directory of ours that was open to others', () => {
    const open = path.join(work.path, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    assert.ok(socketPathFor(runId, [open], userId).ok);
    assert.equal(statSync(open).mode & 0o777, 0o700);
  });
});
