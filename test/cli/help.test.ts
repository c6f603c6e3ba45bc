import assert from 'node:assert/strict';
import { programVersion } from '../../src/core/base/programVersion';
import { projectRoot } from '../support/projectRoot';
import { runCli } from '../support/runCli';

const inCheckout = { directory: projectRoot };

describe('help', () => {
  it('names every command', async () => {
    const { exitCode, out } = await runCli(['--help'], inCheckout);
    assert.equal(exitCode, 0);
    for (const name of [
      'validate',
      'plan',
      'up',
      'status',
      'logs',
      'keys',
      'tensor',
      'restart',
      'repair',
      'down',
      'doctor',
    ]) {
      assert.ok(out.includes(`ssw ${name} `), name);
    }
  });

  it('tells how a command is used, and does nothing else', async () => {
    const { exitCode, out, err } = await runCli(['up', 'no-such-file', '--help'], inCheckout);
    assert.deepEqual([exitCode, err], [0, '']);
    assert.match(out, /^usage: ssw up FILE \[--detach\]/);
  });

  it('tells more of a command that has more to tell', async () => {
    const { exitCode, out } = await runCli(['tensor', '--help'], inCheckout);
    assert.equal(exitCode, 0);
    assert.match(out, /^usage: ssw tensor KEY \[--slice S\] .*\n\n.*\n\n {2}--slice S +a part of it/);
  });

  it('prints the version', async () => {
    const outcome = await runCli(['--version'], inCheckout);
    assert.deepEqual(outcome, { exitCode: 0, out: `${programVersion}\n`, err: '' });
  });

  it('takes a word after -- as a name', async () => {
    const { exitCode, out } = await runCli(['validate', '--', '--help'], inCheckout);
    assert.equal(exitCode, 1);
    assert.ok(!out.includes('usage:'));
  });
});
