import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { programVersion } from '../../../src/core/base/programVersion';
import { projectRoot } from '../../support/projectRoot';

describe('programVersion', () => {
  it('is the version of the package', () => {
    const manifest = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as {
      version: string;
    };
    assert.equal(programVersion, manifest.version);
  });
});
