import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { RunStatus } from '../../../src/core/deployment/toRunStatus';
import { freePort } from '../../support/freePort';
import { processGone } from '../../support/processGone';
import { leftoversOf } from '../../support/leftovers';
import { projectRoot } from '../../support/projectRoot';
import { fixtureModel, until } from '../../support/startedRun';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
}

/** A command that goes on. */
interface Begun {
  readonly ended: Promise<Ended>;
  readonly pid: number;
  readonly err: () => string;
  readonly out: () => string;
  readonly closeOutputs: () => void;
}

describe('ssw up, status, logs and down', () => {
  let work: WorkDirectory;
  let file: string;
  beforeEach(() => {
    work = workDirectory();
    file = path.join(work.path, 'lattice.smartsim.yaml');
  });
  afterEach(async () => {
    await ssw('down', file, '--force');
    for (const id of runIds()) await until(`nothing of ${id} is left`, () => leftoversOf(id).length === 0);
    work.remove();
  });

  function runIds(): readonly string[] {
    const folder = path.join(work.path, 'lattice/.smartsim/workbench');
    return existsSync(folder) ? readdirSync(folder) : [];
  }

  /** Writes the experiment file: `models` maps names to programs with their arguments. */
  function experiment(
    models: Readonly<Record<string, readonly string[]>>,
    orchestrator = '{port: auto}',
  ): void {
    const sections = Object.entries(models).map(([name, [exe, ...args]]) => [
      name,
      { run_settings: { exe, exe_args: args } },
    ]);
    // JSON is YAML.
    const text = `version: 1\nexperiment: lattice\norchestrator: ${orchestrator}\nmodels: ${JSON.stringify(Object.fromEntries(sections))}\n`;
    writeFileSync(file, text);
  }

  function begin(...words: readonly string[]): Begun {
    return beginWith({}, ...words);
  }

  /** `more`: on top of an environment with the least that is needed. */
  function beginWith(more: Readonly<Record<string, string>>, ...words: readonly string[]): Begun {
    const child = spawn(process.execPath, [path.join(projectRoot, 'dist/ssw.js'), ...words], {
      cwd: work.path,
      env: {
        PATH: process.env['PATH'],
        HOME: work.path,
        XDG_RUNTIME_DIR: work.path,
        TMPDIR: work.path,
        ...more,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const ended = once(child, 'close').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as string | null,
      out,
      err,
    }));
    const closeOutputs = (): void => {
      child.stdout.destroy();
      child.stderr.destroy();
    };
    return { ended, pid: child.pid!, err: () => err, out: () => out, closeOutputs };
  }

  function ssw(...words: readonly string[]): Promise<Ended> {
    return begin(...words).ended;
  }

  function runsOf({ out }: Ended): readonly RunStatus[] {
    return (JSON.parse(out) as { runs: readonly RunStatus[] }).runs;
  }

  it('up sees a run through, ends with 0 when all models completed, and leaves nothing', async () => {
    experiment({ sim: fixtureModel('exit', '0') });
    const ended = await ssw('up', file, '--json');
    assert.equal(ended.code, 0, ended.err);
    const [run] = runsOf(ended);
    assert.equal(run!.phase, 'stopped');
    assert.equal(run!.models[0]!.status, 'Completed');
    assert.match(ended.err, /orchestrator ready at .*\n(.*\n)*sim Running .*\n(.*\n)*sim Completed\n/);
    assert.ok(!ended.err.includes('\u001b'), 'no colour codes in a pipe');
    assert.deepEqual(leftoversOf(run!.id), []);
  });

  it('validate takes the port of the own run for no fault, by whatever way the file is reached', async () => {
    experiment({ sim: fixtureModel('wait') }, `{port: ${await freePort()}}`);
    const up = await ssw('up', file, '--detach', '--json');
    assert.equal(up.code, 0, up.err);
    const [run] = runsOf(up);
    const link = `${work.path}-link`;
    symlinkSync(work.path, link);
    try {
      for (const folder of [work.path, link]) {
        const { code, out } = await ssw('validate', path.join(folder, path.basename(file)), '--json');
        const { problems } = JSON.parse(out) as { problems: readonly { code: string; message: string }[] };
        assert.deepEqual(
          problems.map((found) => found.code),
          ['port-used-by-own-run'],
          folder,
        );
        assert.match(problems[0]!.message, new RegExp(run!.id));
        assert.equal(code, 0);
      }
    } finally {
      rmSync(link);
    }
  });

  it('up ends with 1 when a model failed, and shows the cause', async () => {
    experiment({ sim: fixtureModel('exit', '3') });
    const ended = await ssw('up', file);
    assert.equal(ended.code, 1);
    assert.match(ended.err, /sim Failed: Model sim failed: return code 3/);
    assert.match(ended.out, /sim +Failed +return code 3/);
  });

  it('up ends with 1 when the server refuses its configuration, with the place in the file', async () => {
    experiment({ sim: fixtureModel('wait') }, '{port: auto, conf: {maxclients: many}}');
    const ended = await ssw('up', file);
    assert.equal(ended.code, 1);
    // The third line is that of the orchestrator; the column that of the value.
    assert.match(ended.err, /lattice\.smartsim\.yaml:3:\d\d error server-refused-directive/);
    assert.match(ended.err, /couldn't be parsed into an integer/);
    // In full once: the message is in no other line, and the remedy is said once.
    const words = ended.err + ended.out;
    assert.equal(words.split('The server refused the directive').length, 2, words);
    assert.equal(words.split('Correct it under `conf`').length, 2, words);
  });

  it('up --detach leaves the run to status, logs and down', async () => {
    experiment({ sim: fixtureModel('wait') });
    const up = await ssw('up', '--detach', file, '--json');
    assert.equal(up.code, 0, up.err);
    assert.equal(runsOf(up)[0]!.phase, 'ready');

    const [status] = runsOf(await ssw('status', '--json'));
    assert.equal(status!.phase, 'ready');
    assert.equal(status!.models[0]!.status, 'Running');
    assert.equal(status!.orchestrators[0]!.shards[0]!.keys, 0);
    assert.match((await ssw('status')).out, /lattice {2}ready/);

    const again = await ssw('up', file);
    assert.equal(again.code, 1);
    assert.match(again.err, /run-already-live/);

    assert.equal((await ssw('logs', 'sim')).out, 'waiting\n');
    assert.match((await ssw('logs', 'orchestrator_0')).out, /Ready to accept connections/);
    const unknown = await ssw('logs', 'nobody');
    assert.equal(unknown.code, 1);
    assert.match(unknown.err, /orchestrator_0, sim/);

    const down = await ssw('down', file, '--json');
    assert.equal(down.code, 0, down.err);
    assert.equal(runsOf(down)[0]!.phase, 'stopped');
    assert.deepEqual(leftoversOf(status!.id), []);
  });

  it('logs --follow shows what is written, until the entity has ended', async () => {
    experiment({ sim: fixtureModel('wait') });
    const [run] = runsOf(await ssw('up', '-d', file, '--json'));
    const following = begin('logs', 'sim', '--follow');
    await until('the first line', () => following.out() === 'waiting\n');
    appendFileSync(run!.models[0]!.out, 'more\n');
    await until('the second line', () => following.out() === 'waiting\nmore\n');
    process.kill(run!.models[0]!.pid!, 'SIGKILL');
    assert.equal((await following.ended).code, 0);
  });

  it('logs shows the end of a large log, and says how much is before it', async () => {
    experiment({ sim: fixtureModel('wait') });
    const [run] = runsOf(await ssw('up', '-d', file, '--json'));
    await until('it waits', () => readFileSync(run!.models[0]!.out, 'utf8') === 'waiting\n');
    const line = `${'x'.repeat(99)}\n`;
    appendFileSync(run!.models[0]!.out, line.repeat(30_000));
    const { out, err } = await ssw('logs', 'sim');
    assert.equal(out, line.repeat(10_485));
    assert.match(err, /bytes before this are in/);
    assert.equal(
      readFileSync(run!.models[0]!.out).length - out.length,
      Number(/\((\d+) bytes/.exec(err)![1]),
    );
  });

  for (const when of ['while it launches', 'when it is up']) {
    it(`Ctrl-C ${when} stops everything and ends with 130`, async () => {
      experiment({ sim: fixtureModel('wait') });
      const up = begin('up', file);
      const mark = when === 'when it is up' ? 'sim Running' : 'lattice: run';
      await until(mark, () => up.err().includes(mark));
      process.kill(up.pid, 'SIGINT');
      const ended = await up.ended;
      assert.equal(ended.code, 130, ended.err);
      const [run] = runsOf(await ssw('status', file, '--json'));
      assert.equal(run!.phase, 'stopped');
      assert.deepEqual(leftoversOf(run!.id), []);
    });
  }

  it('Ctrl-C before anything was started says so, and ends with 130', async () => {
    // A server that takes long to tell its version keeps the launch at its first step.
    const slow = path.join(work.path, 'redis-server');
    const asked = path.join(work.path, 'asked');
    writeFileSync(
      slow,
      `#!${process.execPath}\nrequire('fs').writeFileSync(${JSON.stringify(asked)}, '');setTimeout(() => 0, 4000);\n`,
      {
        mode: 0o755,
      },
    );
    experiment({ sim: fixtureModel('wait') });
    const up = beginWith({ REDIS_PATH: slow }, 'up', file);
    await until('the server was asked', () => existsSync(asked));
    process.kill(up.pid, 'SIGINT');
    const ended = await up.ended;
    assert.equal(ended.code, 130, ended.err);
    assert.match(ended.err, /interrupted; nothing was started/);
    assert.deepEqual(runIds(), []);
  });

  it('a second Ctrl-C ends at once what does not heed the first', async () => {
    execFileSync('mkfifo', [file]);
    const up = begin('up', file);
    // Opened as soon as it is opened for reading; nothing is ever written.
    const pipe = await open(file, 'w');
    let over: Ended | undefined;
    void up.ended.then((ended) => (over = ended));
    process.kill(up.pid, 'SIGINT');
    await until('it ends', () => {
      if (over === undefined) process.kill(up.pid, 'SIGINT');
      return over !== undefined;
    });
    await pipe.close();
    rmSync(file);
    assert.equal(over?.signal, 'SIGINT');
  });

  it('a reader that goes ends nothing but the reading', async () => {
    experiment({ sim: fixtureModel('exit', '0') });
    const up = begin('up', file);
    up.closeOutputs();
    assert.equal((await up.ended).code, 0);
    const status = begin('status');
    status.closeOutputs();
    assert.equal((await status.ended).code, 0);
  });

  it('status and down tell what is left of a run whose supervisor was killed, and down ends it', async () => {
    experiment({ sim: fixtureModel('wait') });
    const [run] = runsOf(await ssw('up', '-d', file, '--json'));
    const journal = path.join(work.path, 'lattice/.smartsim/workbench', run!.id, 'journal.jsonl');
    const supervisor = Number(/"supervisor-started".*?"pid":(\d+)/.exec(readFileSync(journal, 'utf8'))![1]);
    // All carry the marker, the server too: it would write its title over it.
    assert.equal(leftoversOf(run!.id).length, 3);
    process.kill(supervisor, 'SIGKILL');
    await processGone(supervisor);
    const { pid } = run!.models[0]!;
    assert.match((await ssw('status')).out, new RegExp(`still run: .*sim .process ${pid}.`));
    assert.match((await ssw('up', file)).err, /error (run-left-over|port-used-by-own-run) /);
    for (const told of [/^lattice {2}stopped/, /is not running/]) {
      const down = await ssw('down', file);
      assert.equal(down.code, 0);
      assert.match(down.out, told);
      assert.deepEqual(leftoversOf(run!.id), []);
    }
  });

  it('down of what does not run says so, and is content', async () => {
    experiment({ sim: fixtureModel('wait') });
    const ended = await ssw('down', file);
    assert.equal(ended.code, 0);
    assert.equal(ended.out, 'lattice.smartsim.yaml is not running.\n');
  });

  it('a directory of runs that cannot be read is a problem, not a fault', async () => {
    const folder = path.join(work.path, '.local/state/smartsim-workbench');
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'runs'), 'a file in its place');
    experiment({ sim: fixtureModel('wait') });
    for (const words of [['status'], ['down', file], ['logs', 'sim']]) {
      const ended = await ssw(...words);
      assert.equal(ended.code, 1, ended.err);
      assert.match(ended.err, /^error run-index-unreadable The list of your runs, .*: ENOTDIR\.\n/);
    }
    const up = await ssw('up', file);
    assert.equal(up.code, 1, up.err);
    assert.match(up.err, /error not-a-directory/);
    rmSync(folder, { recursive: true });
  });

  it('a directory of runs that cannot be made is a problem, not a wait without end', async () => {
    experiment({ sim: fixtureModel('wait') });
    const up = await beginWith({ XDG_STATE_HOME: '/proc/no-such-entry' }, 'up', file).ended;
    assert.equal(up.code, 1, up.err);
    assert.match(up.err, /error file-failed .*ENOENT/);
    assert.deepEqual(runIds(), []);
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
      assert.equal((await ssw(...words)).code, 2, words.join(' '));
    }
  });

  it('restart starts a killed shard again, and tells what it cannot restart', async () => {
    experiment({ sim: fixtureModel('wait') });
    assert.equal((await ssw('up', file, '--detach')).code, 0);
    const [before] = runsOf(await ssw('status', file, '--json'));
    const [shard] = before!.orchestrators[0]!.shards;
    process.kill(shard!.pid!, 'SIGKILL');
    await processGone(shard!.pid!);
    const restarted = await ssw('restart', file, 'orchestrator_0', '--json');
    assert.equal(restarted.code, 0, restarted.err);
    const [after] = runsOf(restarted);
    assert.equal(after!.orchestrators[0]!.shards[0]!.status, 'Running');
    assert.equal(after!.orchestrators[0]!.shards[0]!.port, shard!.port);
    const unknown = await ssw('restart', file, 'nobody');
    assert.equal(unknown.code, 1);
    assert.match(unknown.err, /no-such-model/);
    assert.equal((await ssw('restart', file)).code, 2);
    assert.equal((await ssw('down', file)).code, 0);
    assert.equal((await ssw('restart', file, 'orchestrator_0')).code, 1);
  });

  it('status tells that a shard does not answer, since when, and its process', async () => {
    experiment({ sim: fixtureModel('wait') });
    assert.equal((await ssw('up', file, '--detach')).code, 0);
    const { pid } = runsOf(await ssw('status', file, '--json'))[0]!.orchestrators[0]!.shards[0]!;
    process.kill(pid!, 'SIGSTOP');
    try {
      const [silent] = runsOf(await ssw('status', file, '--json'));
      const [shard] = silent!.orchestrators[0]!.shards;
      assert.deepEqual([shard!.status, shard!.keys, shard!.pid], ['Running', null, pid]);
      assert.ok(Date.parse(shard!.notAnsweringSince!) <= Date.now());
      assert.equal(silent!.cause!.code, 'shard-not-answering');
      const { out } = await ssw('status', file);
      assert.match(out, /degraded/);
      assert.match(out, /not answering since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d/);
    } finally {
      process.kill(pid!, 'SIGCONT');
    }
  });
});
