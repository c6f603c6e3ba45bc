import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { CommandLine, runOf } from '../../support/commandLine';
import { leftoversOf } from '../../support/leftovers';
import { fixtureModel, until } from '../../support/startedRun';

describe('ssw up', () => {
  let cli: CommandLine;
  beforeEach(() => {
    cli = new CommandLine();
  });
  afterEach(() => cli.end());

  function runIds(): readonly string[] {
    const folder = path.join(cli.work.path, 'lattice/.smartsim/workbench');
    return existsSync(folder) ? readdirSync(folder) : [];
  }

  it('sees a run through, ends with 0 when all models completed, and leaves nothing', async () => {
    const enough = path.join(cli.work.path, 'enough');
    cli.experiment({ sim: fixtureModel('until', enough) });
    const up = cli.begin(['up', cli.file, '--json']);
    // Not sooner: of a model that has ended nobody is told any more that it runs.
    await until('it is told that the model runs', () => up.err.includes('sim Running'));
    writeFileSync(enough, '');
    const ended = await up.ended;
    assert.equal(ended.exitCode, 0, ended.err);
    const run = runOf(ended);
    assert.equal(run.phase, 'stopped');
    assert.equal(run.models[0]!.status, 'Completed');
    assert.match(ended.err, /orchestrator ready at .*\n(.*\n)*sim Running .*\n(.*\n)*sim Completed\n/);
    assert.ok(!ended.err.includes('\u001b'), 'no colour codes in a pipe');
    assert.deepEqual(leftoversOf(run.id), []);
  });

  it('ends with 1 when a model failed, and shows the cause', async () => {
    cli.experiment({ sim: fixtureModel('exit', '3') });
    const ended = await cli.ssw('up', cli.file);
    assert.equal(ended.exitCode, 1);
    assert.match(ended.err, /sim Failed: Model sim failed: return code 3/);
    assert.match(ended.out, /sim +Failed +return code 3/);
  });

  it('ends with 1 when the server refuses its configuration, with the place in the file', async () => {
    cli.experiment({ sim: fixtureModel('wait') }, { conf: { maxclients: 'many' } });
    const ended = await cli.ssw('up', cli.file);
    assert.equal(ended.exitCode, 1);
    // The third line is that of the orchestrator; the column that of the value.
    assert.match(ended.err, /lattice\.smartsim\.yaml:3:\d\d error server-refused-directive/);
    assert.match(ended.err, /couldn't be parsed into an integer/);
    // In full once: the message is in no other line, and the remedy is said once.
    const words = ended.err + ended.out;
    assert.equal(words.split('The server refused the directive').length, 2, words);
    assert.equal(words.split('Correct it under `conf`').length, 2, words);
  });

  for (const when of ['while it launches', 'when it is up']) {
    it(`Ctrl-C ${when} stops everything and ends with 130`, async () => {
      cli.experiment({ sim: fixtureModel('wait') });
      const up = cli.begin(['up', cli.file]);
      const mark = when === 'when it is up' ? 'sim Running' : 'lattice: run';
      await until(mark, () => up.err.includes(mark));
      up.kill('SIGINT');
      const ended = await up.ended;
      assert.equal(ended.exitCode, 130, ended.err);
      const run = runOf(await cli.ssw('status', cli.file, '--json'));
      assert.equal(run.phase, 'stopped');
      assert.deepEqual(leftoversOf(run.id), []);
    });
  }

  it('Ctrl-C before anything was started says so, and ends with 130', async () => {
    // A server that never tells its version keeps the launch at its first step.
    const slow = path.join(cli.work.path, 'redis-server');
    const asked = path.join(cli.work.path, 'asked');
    writeFileSync(
      slow,
      `#!${process.execPath}\nrequire('fs').writeFileSync(${JSON.stringify(asked)}, '');setInterval(() => 0, 1000);\n`,
      { mode: 0o755 },
    );
    cli.experiment({ sim: fixtureModel('wait') });
    const up = cli.begin(['up', cli.file], { REDIS_PATH: slow });
    await until('the server was asked', () => existsSync(asked));
    up.kill('SIGINT');
    const ended = await up.ended;
    assert.equal(ended.exitCode, 130, ended.err);
    assert.match(ended.err, /interrupted; nothing was started/);
    assert.deepEqual(runIds(), []);
  });

  it('a second Ctrl-C ends at once what does not heed the first', async () => {
    execFileSync('mkfifo', [cli.file]);
    const up = cli.begin(['up', cli.file]);
    // Opened as soon as it is opened for reading; nothing is ever written.
    const pipe = await open(cli.file, 'w');
    await until('it ends', () => {
      if (up.signal === null) up.kill('SIGINT');
      return up.signal !== null;
    });
    await pipe.close();
    rmSync(cli.file);
    assert.equal(up.signal, 'SIGINT');
  });

  it('a reader that goes ends nothing but the reading', async () => {
    cli.experiment({ sim: fixtureModel('exit', '0') });
    const up = cli.begin(['up', cli.file]);
    up.closeOutputs();
    assert.equal((await up.ended).exitCode, 0);
    const status = cli.begin(['status']);
    status.closeOutputs();
    assert.equal((await status.ended).exitCode, 0);
  });

  it('a directory of runs that cannot be made is a problem, not a wait without end', async () => {
    cli.experiment({ sim: fixtureModel('wait') });
    const up = await cli.begin(['up', cli.file], { XDG_STATE_HOME: '/proc/no-such-entry' }).ended;
    assert.equal(up.exitCode, 1, up.err);
    assert.match(up.err, /error file-failed .*ENOENT/);
    assert.deepEqual(runIds(), []);
  });
});
