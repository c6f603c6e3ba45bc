import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { databaseServer, oldServer } from '../../scripts/databaseServers.mjs';
import { engineFile } from '../../scripts/engine.mjs';
import { EngineServer } from '../support/engineServer';
import { projectRoot } from '../support/projectRoot';
import { plain } from '../support/tensors';
import { temporaryFolder } from '../support/temporaryFolder';

function run(file: string, ...args: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(file, args, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout;
}

describe('the engine as a library', () => {
  const folder = temporaryFolder();

  it('needs the C library alone, and nothing of it that is newer than glibc 2.17', () => {
    const needed = [...run('objdump', '-p', engineFile).matchAll(/NEEDED\s+(\S+)/g)].map(([, name]) => name);
    assert.deepEqual(needed, ['libc.so.6']);
    const versions = [...run('objdump', '-T', engineFile).matchAll(/GLIBC_2\.(\d+)/g)].map(([, minor]) =>
      Number(minor),
    );
    assert.ok(versions.length > 3 && Math.max(...versions) <= 17, String(versions));
  });

  it('shows nothing but the function that the server looks for', () => {
    const shown = run('objdump', '-T', engineFile)
      .split('\n')
      .filter((line) => line.includes(' g '))
      .map((line) => line.split(/\s+/).at(-1));
    assert.deepEqual(shown, ['RedisModule_OnLoad']);
  });

  it('names no place of the machine that it was made on', () => {
    assert.ok(!readFileSync(engineFile, 'latin1').includes(projectRoot));
  });

  it('tells a server that is too old, and does nothing else there', () => {
    const program = path.join(folder.path, 'oldServer');
    const source = path.join(projectRoot, 'test/fixtures/engine/oldServer.c');
    run('cc', '-std=gnu11', '-o', program, source, '-ldl');
    const old =
      'warning: This server is too old for the engine, which needs Redis 6.2 or newer, Valkey, or KeyDB 6.2 or newer';
    const told = (...args: readonly string[]) =>
      run(program, engineFile, ...args)
        .trimEnd()
        .split('\n');
    assert.deepEqual(told(), ['module ai 10207 1', `${old}: it is 6.0.16.`, 'loaded: 1']);
    assert.deepEqual(told('RedisModule_IsIOError'), [
      'module ai 10207 1',
      `${old}: it lacks RedisModule_IsIOError.`,
      'loaded: 1',
    ]);
    // Without even these there is nobody to tell it to.
    assert.match(run(program, engineFile, 'RedisModule_Log'), /loaded: 1\n$/);
    assert.match(run(program, engineFile, 'RedisModule_SetModuleAttribs'), /loaded: 1\n$/);
  });

  it('keeps a real server that is too old from starting, in words', () => {
    const socket = path.join(folder.path, 'socket');
    const settings = ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder.path];
    const { status, stdout } = spawnSync(
      databaseServer(oldServer),
      [...settings, '--loadmodule', engineFile],
      { encoding: 'utf8', timeout: 20_000 },
    );
    assert.equal(status, 1, stdout);
    assert.match(
      stdout,
      /<ai> This server is too old for the engine, which needs Redis 6\.2 .*: it is 6\.0\.9\.$/m,
    );
  });

  it('takes the arguments that SmartSim gives RedisAI', async () => {
    const server = await EngineServer.start([], 'plain', [
      ...['THREADS_PER_QUEUE', '2', 'intra_op_parallelism', '3', 'INTER_OP_PARALLELISM', '4'],
      ...['MODEL_EXECUTION_TIMEOUT', '1000', 'BACKEND_MEMORY_LIMIT', '5', 'MODEL_CHUNK_SIZE', '6'],
      ...[
        'BACKENDSPATH',
        '/nowhere',
        'TORCH',
        'redisai_torch/redisai_torch.so',
        'ONNX',
        'x.so',
        'TF',
        'x.so',
        'TFLITE',
        'x.so',
      ],
    ]);
    try {
      const client = await server.client();
      const info = plain(await client.send('INFO', 'modules')) as string;
      for (const line of [
        'threads_per_queue:2',
        'intra_op_parallelism:3',
        'inter_op_parallelism:4',
        'model_execution_timeout:1000',
        'backend_memory_limit:5',
      ])
        assert.ok(info.includes(`ai_${line}\r\n`), line);
      assert.equal(await client.send('AI.CONFIG', 'GET', 'MODEL_CHUNK_SIZE'), 6);
      assert.equal(plain(await client.send('AI.CONFIG', 'GET', 'BACKENDSPATH')), '/nowhere');
    } finally {
      await server.stop();
    }
  });

  for (const args of [
    ['THREADS_PER_QUEUE', '0'],
    ['THREADS_PER_QUEUE', 'x'],
    ['MODEL_EXECUTION_TIMEOUT', '999'],
    ['SOMETHING', 'else'],
  ])
    it(`refuses to be loaded with ${args.join(' ')}, in RedisAI's words`, async () => {
      await assert.rejects(
        EngineServer.start([], 'plain', args),
        new RegExp(`ERR error processing argument: ${args.join(' ')}`),
      );
    });

  it('refuses a name without a value', async () => {
    await assert.rejects(
      EngineServer.start([], 'plain', ['TORCH']),
      /Even number of arguments provided to module/,
    );
  });

  it('refuses to be loaded twice, as beside RedisAI, and harms nothing', async () => {
    const server = await EngineServer.start();
    try {
      const client = await server.client();
      await client.send('AI.TENSORSET', 'k', 'INT8', 1, 'VALUES', 3);
      assert.match(
        String(plain(await client.send('MODULE', 'LOAD', engineFile))),
        /^ERR Error loading the extension/,
      );
      assert.match(server.log, /The server has a module ai already: RedisAI or an engine is loaded/);
      assert.deepEqual(await client.send('AI.TENSORGET', 'k', 'VALUES'), [3]);
    } finally {
      await server.stop();
    }
  });
});
