import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../support/projectRoot';

describe('what tests need of the system', () => {
  let folder: string;
  const calls = () => readFileSync(path.join(folder, 'calls'), 'utf8').trim().split('\n');

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'programs-'));
    for (const name of ['apt-get', 'sudo', 'service']) provide(name);
    symlinkSync('/bin/cp', path.join(folder, 'cp'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Puts a program of that name into the only folder of PATH: it notes its calls. */
  function provide(name: string): void {
    copyFileSync(path.join(projectRoot, 'test/fixtures/programs/noting'), path.join(folder, name));
    chmodSync(path.join(folder, name), 0o755);
  }

  /** Evaluates an expression over the module, in a process whose PATH is that folder. */
  function evaluate(expression: string): unknown {
    const module = pathToFileURL(path.join(projectRoot, 'scripts/systemComponents.mjs')).href;
    const code = `import * as it from '${module}';
      const answer = ${expression};
      process.stdout.write('\\n' + JSON.stringify(answer ?? null));`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
      encoding: 'utf8',
      env: { PATH: folder },
    });
    const answer = stdout.split('\n').at(-1);
    assert.ok(answer, stderr);
    return JSON.parse(answer);
  }

  it('is found in PATH, and Chromium by its variable too', () => {
    assert.deepEqual(evaluate('it.missingOf(it.allComponents)'), [
      'chromium',
      'redis-server',
      'compiler',
      'python',
      'smartredis-python',
    ]);
    for (const name of ['chromium', 'redis-server', 'g++', 'make', 'python3']) provide(name);
    assert.deepEqual(evaluate('it.missingOf(it.allComponents)'), []);
  });

  it('is installed without a question, and a server that the package starts is stopped', () => {
    assert.deepEqual(evaluate(`(it.installMissing(['redis-server']), it.missingOf(['redis-server']))`), []);
    const asked = calls().map((call) => call.replace(/^sudo -n /, ''));
    assert.deepEqual(asked, [
      'apt-get update',
      'apt-get install -y --no-install-recommends redis-server redis-tools',
      'service redis-server stop',
    ]);
  });

  it('is left alone where it is there', () => {
    provide('redis-server');
    evaluate(`it.installMissing(['redis-server'])`);
    assert.ok(!existsSync(path.join(folder, 'calls')));
  });

  it('is told with the exact command that brings it', () => {
    const remedy = evaluate(`it.remedyFor(['chromium'])`);
    assert.match(
      String(remedy),
      /Missing here: Chromium.*To install: (sudo )?apt-get update && (sudo )?apt-get install -y --no-install-recommends chromium fonts-liberation$/,
    );
  });
});
