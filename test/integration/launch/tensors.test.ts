import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { messageOf, type Problem } from '../../../src/core/base/problem';
import { checkExperiment } from '../../../src/core/plan/checkExperiment';
import { newRunId } from '../../../src/core/run/newRunId';
import type { Run } from '../../../src/core/run/run';
import { startRun } from '../../../src/core/run/startRun';
import { untilLaunched } from '../../../src/core/run/untilLaunched';
import { builtEngine, packedEngine } from '../../support/builtEngine';
import { startOptions, until } from '../../support/startedRun';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

describe('an orchestrator with tensors', function () {
  this.timeout(60_000);
  let work: WorkDirectory;
  let engine: string;
  const runs: Run[] = [];

  beforeEach(() => {
    work = workDirectory();
    engine = path.join(work.path, 'installed.so');
    copyFileSync(builtEngine, engine);
  });
  afterEach(async () => {
    for (const run of runs.splice(0)) {
      await run.stop({ force: true });
      run.dispose();
    }
    work.remove();
  });

  /** Launches one orchestrator that has these keys besides its port; gives what the launch failed for. */
  async function launch(
    keys: string,
    environment: Readonly<Record<string, string | undefined>> = {},
  ): Promise<Problem | undefined> {
    const file = path.join(work.path, 'wave.smartsim.yaml');
    const text = `version: 1\nexperiment: wave\norchestrator: {port: auto, ${keys}}\n`;
    writeFileSync(file, text);
    const site = {
      environment: { ...process.env, ...environment },
      dataDirectory: work.directories.data,
      engine: { ...packedEngine, library: engine },
    };
    const checked = await checkExperiment({ file, text }, { runId: newRunId(new Date()), site });
    assert.ok(checked.plan, checked.problems.map(messageOf).join());
    const run = await startRun(checked.plan, startOptions(work));
    assert.ok(run.ok, run.problems.map(messageOf).join());
    runs.push(run.value);
    return (await untilLaunched(run.value)).problems[0];
  }

  function ask(...words: readonly string[]): string {
    const port = String(runs[0]!.snapshot.orchestrators[0]!.shards[0]!.port);
    return execFileSync('redis-cli', ['-p', port, ...words], { encoding: 'utf8' }).trim();
  }

  function askAt(socket: string, ...words: readonly string[]): string {
    return execFileSync('redis-cli', ['-s', socket, ...words], { encoding: 'utf8' }).trim();
  }

  it('serves them by a copy of our engine, whatever becomes of what is installed', async () => {
    assert.equal(await launch('ai: builtin'), undefined);
    assert.equal(runs[0]!.snapshot.orchestrators[0]!.ai, 'builtin');
    assert.equal(ask('AI.TENSORSET', 'a', 'INT8', '2', 'VALUES', '3', '4'), 'OK');
    assert.equal(ask('AI.TENSORGET', 'a', 'VALUES'), '3\n4');
    rmSync(engine);
    assert.ok((await runs[0]!.restart('orchestrator_0')).ok);
    assert.equal(ask('AI.TENSORSET', 'a', 'INT8', '1', 'VALUES', '5'), 'OK');
  });

  it('loads RedisAI where it lies', async () => {
    // Ours in its place: what is loaded is the same to the launch.
    const redisai = path.join(work.path, 'redisai.so');
    copyFileSync(builtEngine, redisai);
    assert.equal(await launch('ai: redisai', { RAI_PATH: redisai }), undefined);
    const { ai, shards } = runs[0]!.snapshot.orchestrators[0]!;
    assert.equal(ai, 'redisai');
    const maps = readFileSync(`/proc/${shards[0]!.identity!.pid}/maps`, 'utf8');
    assert.ok(maps.includes(redisai));
    assert.equal(existsSync(path.join(runs[0]!.record.runDirectory, 'engine')), false);
  });

  it('keeps tensors over a restart where the file asks for it', async () => {
    assert.equal(await launch('conf: {appendonly: true}'), undefined);
    assert.equal(ask('AI.TENSORSET', 'a', 'DOUBLE', '2', 'BLOB', '0123456789abcdef'), 'OK');
    assert.ok((await runs[0]!.restart('orchestrator_0')).ok);
    assert.equal(ask('AI.TENSORGET', 'a', 'BLOB'), '0123456789abcdef');
  });

  it('tells why its copy cannot be loaded at a restart, each time anew, and goes on with it once it is back', async () => {
    assert.equal(await launch('ai: builtin, db_nodes: 3'), undefined);
    const copy = path.join(runs[0]!.record.runDirectory, 'engine/engine.so');
    const restarted = async (): Promise<string> =>
      (await runs[0]!.restart('orchestrator_0')).problems.map(messageOf).join();
    rmSync(copy);
    writeFileSync(copy, 'no library', { mode: 0o600 });
    assert.match(
      await restarted(),
      /could not load the module .*engine\.so: It does not have execute permissions/,
    );
    rmSync(copy);
    assert.match(await restarted(), /could not load the module .*engine\.so: .*No such file/);
    copyFileSync(engine, copy);
    chmodSync(copy, 0o500);
    assert.equal(await restarted(), '');
    assert.equal(ask('AI.TENSORGET', '06S', 'META'), 'ERR tensor key is empty or in a different shard');
  });

  it('lets clients read what they ask for, and load no code', async () => {
    assert.equal(await launch('ai: {provider: builtin, threads_per_queue: 3}'), undefined);
    assert.equal(ask('AI.CONFIG', 'GET', 'MODEL_CHUNK_SIZE'), '535822336');
    assert.equal(ask('AI.CONFIG', 'MODEL_CHUNK_SIZE', '1000'), 'OK');
    assert.match(ask('AI.CONFIG', 'LOADBACKEND', 'TORCH', '/tmp/x.so'), /^NOPERM/);
    assert.match(ask('AI.CONFIG', 'BACKENDSPATH', '/tmp'), /^NOPERM/);
    assert.match(ask('INFO', 'everything'), /ai_threads_per_queue:3\r?\n/);
    assert.match(ask('CONFIG', 'SET', 'maxclients', '200'), /^NOPERM/);
  });

  it('lets clients configure it where the file says so', async () => {
    assert.equal(await launch('client_config: true'), undefined);
    assert.equal(ask('CONFIG', 'SET', 'maxclients', '200'), 'OK');
    assert.match(ask('CONFIG', 'SET', 'dir', '/tmp'), /protected config/);
  });

  it('starts without where the file says so', async () => {
    assert.equal(await launch('ai: none'), undefined);
    assert.match(ask('AI.TENSORSET', 'a', 'INT8', '1'), /^ERR unknown command/);
  });

  it('tells why a module cannot be loaded', async () => {
    const junk = path.join(work.path, 'redisai.so');
    // It begins as a library for this machine does, and ends there.
    writeFileSync(junk, new Uint8Array(readFileSync(builtEngine).subarray(0, 64)), { mode: 0o755 });
    const found = await launch('ai: auto', { RAI_PATH: junk });
    assert.equal(found?.code, 'server-module-failed');
    assert.match(
      messageOf(found),
      /could not load the module .*redisai\.so: (file too short|cannot read file data)\.$/,
    );
    assert.deepEqual(found.place?.path, ['orchestrator', 'ai']);
  });

  describe('at a Unix socket', () => {
    const socketOf = (): string => path.join(work.path, 'sockets/redis.sock');
    const keys = 'unix_socket: sockets/redis.sock';

    it('listens there and at its port, in a directory that is its owner’s alone', async () => {
      assert.equal(await launch(`${keys}, socket_permissions: 770`), undefined);
      assert.equal(runs[0]!.snapshot.orchestrators[0]!.ssdb, `unix://${socketOf()}`);
      assert.equal(askAt(socketOf(), 'PING'), 'PONG');
      assert.equal(ask('PING'), 'PONG');
      assert.equal(statSync(socketOf()).mode & 0o777, 0o770);
      assert.equal(statSync(path.dirname(socketOf())).mode & 0o777, 0o700);
      assert.ok((await runs[0]!.stop()).ok);
      assert.equal(existsSync(socketOf()), false);
    });

    it('takes the place of a socket that a killed server has left', async () => {
      mkdirSync(path.dirname(socketOf()));
      const args = ['--port', '0', '--unixsocket', socketOf(), '--save', ''];
      const other = spawn('redis-server', args, { stdio: 'ignore' });
      await until('its socket', () => existsSync(socketOf()));
      other.kill('SIGKILL');
      await once(other, 'exit');
      assert.equal(existsSync(socketOf()), true);
      assert.equal(await launch(keys), undefined);
      assert.equal(askAt(socketOf(), 'PING'), 'PONG');
    });

    it('leaves no socket behind, however it ends', async () => {
      assert.equal(await launch(keys), undefined);
      process.kill(runs[0]!.snapshot.orchestrators[0]!.shards[0]!.identity!.pid, 'SIGKILL');
      await until('the end of the run', () => !runs[0]!.live);
      assert.equal(existsSync(socketOf()), false);
    });

    it('takes no place where somebody listens, or where something else is', async () => {
      mkdirSync(path.dirname(socketOf()));
      const other = createServer((client) => {
        client.on('error', () => undefined).end('still here');
      });
      await new Promise<void>((resolve) => other.listen(socketOf(), resolve));
      try {
        const found = await launch(keys);
        assert.equal(found?.code, 'unix-socket-taken');
        assert.deepEqual(found.place?.path, ['orchestrator', 'unix_socket']);
        await until('the end of the run', () => !runs[0]!.live);
        assert.equal(existsSync(socketOf()), true);
      } finally {
        await new Promise((resolve) => other.close(resolve));
      }
      writeFileSync(socketOf(), 'precious');
      assert.equal((await launch(keys))?.code, 'unix-socket-in-the-way');
      assert.equal(statSync(socketOf()).size, 'precious'.length);
    });
  });
});
