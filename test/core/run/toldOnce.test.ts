import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { toldOnce } from '../../../src/core/run/toldOnce';
import { temporaryFolder } from '../../support/temporaryFolder';

describe('toldOnce', () => {
  const folder = temporaryFolder();

  it('is true for one of many that ask at the same moment, for each piece of news', async () => {
    const run = path.join(folder.path, 'run');
    mkdirSync(run);
    const ask = (news: string): Promise<boolean> => toldOnce(run, news);
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask('failed ../a 1')));
    assert.equal(answers.filter(Boolean).length, 1);
    assert.equal(await ask('failed ../a 2'), true);
  });

  it('makes no run directory, and is true where nothing can be kept', async () => {
    const run = path.join(folder.path, 'gone');
    assert.equal(await toldOnce(run, 'a'), true);
    assert.equal(existsSync(run), false);
  });
});
