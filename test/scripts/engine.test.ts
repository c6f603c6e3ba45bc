import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { projectRoot } from '../support/projectRoot';

describe('the compiler of the engine', () => {
  /** Whether the build finds a compiler where CC says this. */
  function finds(compiler: string): boolean {
    const program = `import('./scripts/engine.mjs').then(({ canCompile }) => process.exit(canCompile() ? 0 : 7))`;
    const { status } = spawnSync(process.execPath, ['-e', program], {
      cwd: projectRoot,
      env: { ...process.env, CC: compiler },
      timeout: 30_000,
    });
    assert.ok(status === 0 || status === 7, `${status}`);
    return status === 0;
  }

  it('is what CC says, a program with its words', () => {
    assert.ok(finds(''));
    assert.ok(finds('env cc'));
    assert.ok(!finds('nonesuch'));
  });
});
