import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { asSupervisor } from '../../support/asSupervisor';
import { CommandLine, runOf } from '../../support/commandLine';
import type { CliOutcome } from '../../support/runCli';
import { fixtureModel, recordedRuns, until } from '../../support/startedRun';

describe('the secret of a run', function () {
  this.timeout(60_000);
  let cli: CommandLine;
  /** All that was said to the user. */
  let said: string[];

  beforeEach(() => {
    cli = new CommandLine();
    said = [];
    cli.experiment({ sim: fixtureModel('wait') }, { db_nodes: 3 });
  });
  afterEach(() => cli.end());

  async function ssw(...words: readonly string[]): Promise<CliOutcome> {
    // What developers of models set: libraries print all that they are told then.
    const debugging = { DEBUG: '*', NODE_DEBUG: 'net,http,child_process' };
    const outcome = await cli.begin(words, debugging).ended;
    said.push(outcome.out, outcome.err);
    return outcome;
  }

  /** Files, processes and messages that hold it, besides its own file. */
  function found(secret: string, own: string): readonly string[] {
    const files = readdirSync(cli.work.path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.path, entry.name))
      .filter((name) => name !== own && holds(name, secret));
    const processes = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`])
      .filter((name) => holds(name, secret));
    return [...files, ...processes, ...said.filter((text) => text.includes(secret))];
  }

  it('is in its own file and nowhere else, whatever the run goes through', async () => {
    const up = await ssw('up', '--detach', cli.file);
    assert.equal(up.exitCode, 0, up.err);
    const [record] = await recordedRuns(cli.work);
    const { runDirectory } = record!;
    const own = path.join(runDirectory, 'secret');
    const secret = readFileSync(own, 'latin1');
    assert.match(secret, /^[0-9a-f]{64}$/);
    const status = await ssw('status', '--json');
    const { port } = runOf(status).orchestrators[0]!.shards[0]!;
    asSupervisor(runDirectory, port, 'SAVE');
    await ssw('restart', cli.file, 'orchestrator_1');
    await ssw('logs', 'orchestrator_0', cli.file);
    await ssw('plan', cli.file);
    assert.deepEqual(found(secret, own), []);
    const down = await ssw('down', cli.file);
    assert.equal(down.exitCode, 0, down.err);
    assert.deepEqual(found(secret, own), []);
  });

  it('would be found in a file, an argument or the environment of a process', async () => {
    const secret = 'f'.repeat(40) + String(process.pid);
    const planted = path.join(cli.work.path, 'planted');
    writeFileSync(planted, `x${secret}y`);
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', secret], {
      env: { PLANTED: secret },
      stdio: 'ignore',
    });
    try {
      const expected = [planted, `/proc/${child.pid}/cmdline`, `/proc/${child.pid}/environ`];
      await until('the program of the child', () => found(secret, '').length === expected.length);
      assert.deepEqual(found(secret, ''), expected);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });
});

function holds(name: string, secret: string): boolean {
  try {
    return readFileSync(name, 'latin1').includes(secret);
  } catch {
    // Gone meanwhile, or a process of the kernel.
    return false;
  }
}
