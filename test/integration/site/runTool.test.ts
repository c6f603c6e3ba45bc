import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { runTool, toolEnvironment } from '../../../src/core/site/runTool';
import { processGone } from '../../support/processGone';
import { projectRoot } from '../../support/projectRoot';
import { temporaryFolder } from '../../support/temporaryFolder';

const hanging = path.join(projectRoot, 'test/fixtures/site/hanging/redis-server');

describe('runTool', () => {
  const folder = temporaryFolder();
  const limitMs = 20_000;
  const environment = process.env;

  async function sleeperOf(file: string): Promise<number> {
    const deadline = Date.now() + 10_000;
    while (!existsSync(file) || !readFileSync(file, 'utf8').endsWith('\n')) {
      if (Date.now() > deadline) throw new Error('the stand-in did not start');
      await wait(10);
    }
    return Number(readFileSync(file, 'utf8'));
  }

  it('gives arguments as they are and tells both outputs and the exit code', async () => {
    const script =
      'console.log(JSON.stringify(process.argv.slice(1))); console.error("e"); process.exitCode = 7';
    const words = ['a b', '', '$(x)', '*', 'ö', '"', 'line\nbreak'];
    const lines: string[] = [];
    const outcome = await runTool({
      argv: [process.execPath, '-e', script, '--', ...words],
      environment,
      limitMs,
      onLine: (line) => lines.push(line),
    });
    assert.deepEqual(outcome, {
      kind: 'ended',
      exitCode: 7,
      output: JSON.stringify(words),
      errorOutput: 'e',
    });
    assert.deepEqual(lines.sort(), [JSON.stringify(words), 'e'].sort());
  });

  it('tells that a program could not be started', async () => {
    const outcome = await runTool({ argv: ['/nonexistent'], environment, limitMs });
    assert.equal(outcome.kind, 'not-started');
    assert.match(outcome.reason, /ENOENT/);
  });

  it('ends a program that takes too long, with all that it started', async () => {
    const file = path.join(folder.path, 'pid');
    const outcome = await runTool({
      argv: [hanging, '--version'],
      environment: { ...environment, SLEEPER_FILE: file },
      limitMs: 500,
    });
    assert.deepEqual(outcome, { kind: 'cut-short', by: 'limit', errorOutput: '' });
    await processGone(await sleeperOf(file));
  });

  it('ends a program when cancelled, with all that it started', async () => {
    const file = path.join(folder.path, 'pid');
    const cancel = new AbortController();
    const running = runTool({
      argv: [hanging, '--version'],
      environment: { ...environment, SLEEPER_FILE: file },
      limitMs,
      signal: cancel.signal,
    });
    const sleeper = await sleeperOf(file);
    cancel.abort();
    assert.equal((await running).kind, 'cut-short');
    await processGone(sleeper);
  });

  it('starts nothing once cancelled', async () => {
    const file = path.join(folder.path, 'pid');
    const environment = { SLEEPER_FILE: file };
    await runTool({ argv: [hanging], environment, limitMs, signal: AbortSignal.abort() });
    assert(!existsSync(file));
  });

  it('ends a program that says too much', async () => {
    const outcome = await runTool({ argv: ['yes'], environment, limitMs });
    assert.deepEqual(outcome, { kind: 'cut-short', by: 'too-much-output', errorOutput: '' });
  });

  it('lets nothing load code into tools', () => {
    assert.deepEqual(
      toolEnvironment({
        PATH: '/bin',
        LD_PRELOAD: '/x.so',
        LD_AUDIT: '/x.so',
        LD_LIBRARY_PATH: '/lib',
        NODE_OPTIONS: '--require x',
        ELECTRON_RUN_AS_NODE: '1',
        VSCODE_IPC_HOOK: '/x',
        EMPTY: undefined,
      }),
      { PATH: '/bin', LD_LIBRARY_PATH: '/lib', LC_ALL: 'C' },
    );
  });
});
