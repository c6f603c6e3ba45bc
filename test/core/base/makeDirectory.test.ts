import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeDirectory } from '../../../src/core/base/makeDirectory';
import { temporaryFolder } from '../../support/temporaryFolder';

describe('makeDirectory', () => {
  const folder = temporaryFolder();

  it('makes all that is missing with the mode, and minds nothing that is there', async () => {
    const deep = path.join(folder.path, 'a/b/c');
    await Promise.all([makeDirectory(deep, 0o700), makeDirectory(deep, 0o700)]);
    await makeDirectory(deep, 0o700);
    for (const made of [deep, path.dirname(deep)]) assert.equal(statSync(made).mode & 0o777, 0o700);
  });

  it('tells what is in the way', async () => {
    const file = path.join(folder.path, 'file');
    writeFileSync(file, '');
    await assert.rejects(makeDirectory(file), { code: 'EEXIST' });
    await assert.rejects(makeDirectory(path.join(file, 'a')), { code: 'ENOTDIR' });
  });

  it('gives up where the system takes no directory although the parent is there', async () => {
    await assert.rejects(makeDirectory('/proc/no-such-entry/a'), { code: 'ENOENT' });
  });
});
