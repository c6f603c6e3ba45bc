import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CommandLine, runOf } from '../../support/commandLine';
import { freePort } from '../../support/freePort';
import { leftoversOf } from '../../support/leftovers';
import { processGone } from '../../support/processGone';
import { fixtureModel, until } from '../../support/startedRun';

describe('ssw validate, status, logs, restart and down', () => {
  let cli: CommandLine;
  beforeEach(() => {
    cli = new CommandLine();
  });
  afterEach(() => cli.end());

  it('validate takes the port of the own run for no fault, by whatever way the file is reached', async () => {
    cli.experiment({ sim: fixtureModel('wait') }, { port: await freePort() });
    const up = await cli.ssw('up', cli.file, '--detach', '--json');
    assert.equal(up.exitCode, 0, up.err);
    const run = runOf(up);
    const link = `${cli.work.path}-link`;
    symlinkSync(cli.work.path, link);
    try {
      for (const folder of [cli.work.path, link]) {
        const { exitCode, out } = await cli.ssw(
          'validate',
          path.join(folder, path.basename(cli.file)),
          '--json',
        );
        const { problems } = JSON.parse(out) as { problems: readonly { code: string; message: string }[] };
        assert.deepEqual(
          problems.map((found) => found.code),
          ['port-used-by-own-run'],
          folder,
        );
        assert.match(problems[0]!.message, new RegExp(run.id));
        assert.equal(exitCode, 0);
      }
    } finally {
      rmSync(link);
    }
  });

  it('up --detach leaves the run to status, logs and down', async () => {
    cli.experiment({ sim: fixtureModel('wait') });
    const up = await cli.ssw('up', '--detach', cli.file, '--json');
    assert.equal(up.exitCode, 0, up.err);
    assert.equal(runOf(up).phase, 'ready');

    const status = runOf(await cli.ssw('status', '--json'));
    assert.equal(status.phase, 'ready');
    assert.equal(status.models[0]!.status, 'Running');
    assert.equal(status.orchestrators[0]!.shards[0]!.keys, 0);
    assert.match((await cli.ssw('status')).out, /lattice {2}ready/);

    const again = await cli.ssw('up', cli.file);
    assert.equal(again.exitCode, 1);
    assert.match(again.err, /run-already-live/);

    assert.equal((await cli.ssw('logs', 'sim')).out, 'waiting\n');
    assert.match((await cli.ssw('logs', 'orchestrator_0')).out, /Ready to accept connections/);
    const unknown = await cli.ssw('logs', 'nobody');
    assert.equal(unknown.exitCode, 1);
    assert.match(unknown.err, /orchestrator_0, sim/);

    const down = await cli.ssw('down', cli.file, '--json');
    assert.equal(down.exitCode, 0, down.err);
    assert.equal(runOf(down).phase, 'stopped');
    assert.deepEqual(leftoversOf(status.id), []);
  });

  it('logs --follow shows what is written, until the entity has ended', async () => {
    cli.experiment({ sim: fixtureModel('wait') });
    const run = runOf(await cli.ssw('up', '-d', cli.file, '--json'));
    const following = cli.begin(['logs', 'sim', '--follow']);
    await until('the first line', () => following.out === 'waiting\n');
    appendFileSync(run.models[0]!.out, 'more\n');
    await until('the second line', () => following.out === 'waiting\nmore\n');
    process.kill(run.models[0]!.pid!, 'SIGKILL');
    assert.equal((await following.ended).exitCode, 0);
  });

  it('logs shows the end of a large log, and says how much is before it', async () => {
    cli.experiment({ sim: fixtureModel('wait') });
    const run = runOf(await cli.ssw('up', '-d', cli.file, '--json'));
    await until('it waits', () => readFileSync(run.models[0]!.out, 'utf8') === 'waiting\n');
    const row = `${'x'.repeat(99)}\n`;
    appendFileSync(run.models[0]!.out, row.repeat(30_000));
    const { out, err } = await cli.ssw('logs', 'sim');
    assert.equal(out, row.repeat(10_485));
    assert.match(err, /bytes before this are in/);
    assert.equal(readFileSync(run.models[0]!.out).length - out.length, Number(/\((\d+) bytes/.exec(err)![1]));
  });

  it('status and down tell what is left of a run whose supervisor was killed, and down ends it', async () => {
    cli.experiment({ sim: fixtureModel('wait') });
    const run = runOf(await cli.ssw('up', '-d', cli.file, '--json'));
    const journal = path.join(cli.work.path, 'lattice/.smartsim/workbench', run.id, 'journal.jsonl');
    const supervisor = Number(/"supervisor-started".*?"pid":(\d+)/.exec(readFileSync(journal, 'utf8'))![1]);
    // All carry the marker, the server too: it would write its title over it.
    assert.equal(leftoversOf(run.id).length, 3);
    process.kill(supervisor, 'SIGKILL');
    await processGone(supervisor);
    const { pid } = run.models[0]!;
    assert.match((await cli.ssw('status')).out, new RegExp(`still run: .*sim .process ${pid}.`));
    assert.match((await cli.ssw('up', cli.file)).err, /error (run-left-over|port-used-by-own-run) /);
    for (const told of [/^lattice {2}stopped/, /is not running/]) {
      const down = await cli.ssw('down', cli.file);
      assert.equal(down.exitCode, 0);
      assert.match(down.out, told);
      assert.deepEqual(leftoversOf(run.id), []);
    }
  });

  it('down of what does not run says so, and is content', async () => {
    cli.experiment({ sim: fixtureModel('wait') });
    const ended = await cli.ssw('down', cli.file);
    assert.equal(ended.exitCode, 0);
    assert.equal(ended.out, 'lattice.smartsim.yaml is not running.\n');
  });

  it('a directory of runs that cannot be read is a problem, not a fault', async () => {
    const folder = path.join(cli.work.path, '.local/state/smartsim-workbench');
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'runs'), 'a file in its place');
    cli.experiment({ sim: fixtureModel('wait') });
    for (const words of [['status'], ['down', cli.file], ['logs', 'sim']]) {
      const ended = await cli.ssw(...words);
      assert.equal(ended.exitCode, 1, ended.err);
      assert.match(ended.err, /^error run-index-unreadable The list of your runs, .*: ENOTDIR\.\n/);
    }
    const up = await cli.ssw('up', cli.file);
    assert.equal(up.exitCode, 1, up.err);
    assert.match(up.err, /error not-a-directory/);
    rmSync(folder, { recursive: true });
  });

  it('wrong usage ends with 2', async () => {
    for (const words of [
      ['up'],
      ['down'],
      ['logs'],
      ['up', 'a', 'b'],
      ['status', 'a', 'b'],
      ['up', '--nonsense'],
    ]) {
      assert.equal((await cli.ssw(...words)).exitCode, 2, words.join(' '));
    }
  });

  it('restart starts a killed shard again, and tells what it cannot restart', async () => {
    cli.experiment({ sim: fixtureModel('wait') });
    assert.equal((await cli.ssw('up', cli.file, '--detach')).exitCode, 0);
    const before = runOf(await cli.ssw('status', cli.file, '--json'));
    const [shard] = before.orchestrators[0]!.shards;
    process.kill(shard!.pid!, 'SIGKILL');
    await processGone(shard!.pid!);
    const restarted = await cli.ssw('restart', cli.file, 'orchestrator_0', '--json');
    assert.equal(restarted.exitCode, 0, restarted.err);
    const after = runOf(restarted);
    assert.equal(after.orchestrators[0]!.shards[0]!.status, 'Running');
    assert.equal(after.orchestrators[0]!.shards[0]!.port, shard!.port);
    const unknown = await cli.ssw('restart', cli.file, 'nobody');
    assert.equal(unknown.exitCode, 1);
    assert.match(unknown.err, /no-such-model/);
    assert.equal((await cli.ssw('restart', cli.file)).exitCode, 2);
    assert.equal((await cli.ssw('down', cli.file)).exitCode, 0);
    assert.equal((await cli.ssw('restart', cli.file, 'orchestrator_0')).exitCode, 1);
  });

  it('status tells that a shard does not answer, since when, and its process', async () => {
    cli.experiment({ sim: fixtureModel('wait') });
    assert.equal((await cli.ssw('up', cli.file, '--detach')).exitCode, 0);
    const { pid } = (await cli.status()).orchestrators[0]!.shards[0]!;
    process.kill(pid!, 'SIGSTOP');
    try {
      const silent = await cli.status();
      const [shard] = silent.orchestrators[0]!.shards;
      assert.deepEqual([shard!.status, shard!.keys, shard!.pid], ['Running', null, pid]);
      assert.ok(Date.parse(shard!.notAnsweringSince!) <= Date.now());
      assert.equal(silent.cause!.code, 'shard-not-answering');
      const { out } = await cli.ssw('status', cli.file);
      assert.match(out, /degraded/);
      assert.match(out, /not answering since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d/);
    } finally {
      process.kill(pid!, 'SIGCONT');
    }
  });
});
