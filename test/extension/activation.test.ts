import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from '../support/projectRoot';

describe('loading the extension', () => {
  it('evaluates no package and nothing of the core but its vocabulary', () => {
    const script = path.join(projectRoot, 'scripts/eager-modules.mjs');
    const { stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8', timeout: 60_000 });
    assert.notEqual(stdout, '', stderr);
    const modules = JSON.parse(stdout) as string[];
    assert.ok(modules.includes('src/extension/composition.ts'));
    const others = modules.filter((name) => !/^src\/(shared|extension|core\/base)\//.test(name));
    assert.deepEqual(others, []);
  });
});
