import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeRedis7, EngineServer } from '../support/engineServer';
import { type Argument, type Reply, type RespClient } from '../support/respClient';
import { byName, plain } from '../support/tensors';

const set = ['AI.TENSORSET', 'k', 'INT8', 2, 'VALUES', 1, 2] as const;

describe('tensors among everything else in the server', () => {
  let server: EngineServer;
  let client: RespClient;

  before(async () => {
    server = await EngineServer.start(['--notify-keyspace-events', 'KEA']);
    client = await server.client();
  });
  beforeEach(() => client.send('FLUSHALL'));
  after(() => server.stop());

  const ask = async (...args: Argument[]) => plain(await client.send(...args));

  it('have the type name of RedisAI, by which keys are found', async () => {
    await client.send(...set);
    await client.send('SET', 'other', 'x');
    assert.equal(await ask('TYPE', 'k'), 'AI_TENSOR');
    assert.deepEqual(await ask('SCAN', 0, 'COUNT', 100, 'TYPE', 'AI_TENSOR'), ['0', ['k']]);
  });

  it('are served by a module that calls itself RedisAI 1.2.7', async () => {
    // Some servers have modules of their own besides.
    const modules = ((await client.send('MODULE', 'LIST')) as readonly Reply[]).map(byName);
    const told = modules.find((module) => plain(module.get('name')!) === 'ai');
    assert.equal(told?.get('ver'), 10207);
    const info = (await ask('INFO', 'modules')) as string;
    for (const line of [
      '# ai_versions',
      'ai_RedisAI_version:1.2.7',
      'ai_rdb_version:512',
      'ai_threads_per_queue:1',
    ])
      assert.ok(info.includes(`${line}\r\n`), line);
    assert.match(info, /ai_engine_version:\d+\.\d+\.\d+\r\n/);
  });

  it('have their keys where a cluster looks for them', async () => {
    const commands: readonly Argument[][] = [
      [...set],
      ['AI.TENSORGET', 'k', 'BLOB'],
      ['AI.INFO', 'k'],
      ['TENSOR.SLICE', 'k', 0, 1, 1],
      ['TENSOR.RANGE', 'k', 0, 1],
      ['TENSOR.STATISTICS', 'k'],
      ['TENSOR.VERSION', 'k'],
    ];
    for (const command of commands)
      assert.deepEqual(await ask('COMMAND', 'GETKEYS', ...command), ['k'], String(command[0]));
    assert.equal(
      await ask('COMMAND', 'GETKEYS', 'AI.CONFIG', 'GET', 'x'),
      // Redis 6.2 has no words for this alone.
      beforeRedis7 ? 'ERR Invalid arguments specified for command' : 'ERR The command has no key arguments',
    );
  });

  it('have commands with the flags of RedisAI', async () => {
    const flagsOf = async (name: string) => {
      const [info] = (await ask('COMMAND', 'INFO', name)) as [readonly [string, number, readonly string[]]];
      return info[2].filter((flag) => flag !== 'module');
    };
    assert.deepEqual(await flagsOf('ai.tensorset'), ['write', 'denyoom']);
    for (const name of ['ai.tensorget', 'ai.info', 'tensor.slice', 'tensor.range', 'tensor.statistics'])
      assert.deepEqual(await flagsOf(name), ['readonly'], name);
    assert.deepEqual(await flagsOf('tensor.version'), ['readonly', 'fast']);
    assert.deepEqual(await flagsOf('ai.config'), ['write']);
  });

  it('are announced when they are set', async () => {
    const listener = await server.client();
    await listener.send('PSUBSCRIBE', '__key*__:*');
    await client.send(...set);
    for (let tries = 0; listener.pushed.length < 2; tries++) {
      assert.ok(tries < 500, JSON.stringify(listener.pushed.map(plain)));
      await delay(10);
    }
    assert.deepEqual(
      listener.pushed.map((message) => (plain(message) as string[]).slice(2)),
      [
        ['__keyspace@0__:k', 'ai.tensorset'],
        ['__keyevent@0__:ai.tensorset', 'k'],
      ],
    );
  });

  it('touch the keys that transactions watch', async () => {
    await client.send(...set);
    await client.send('WATCH', 'k');
    const other = await server.client();
    await other.send(...set);
    await client.send('MULTI');
    await client.send('PING');
    assert.equal(await client.send('EXEC'), null);
  });

  it('are set and read in transactions and scripts', async () => {
    await client.send('MULTI');
    await client.send(...set);
    await client.send('AI.TENSORGET', 'k', 'VALUES');
    await client.send('TENSOR.STATISTICS', 'k');
    const replies = (await ask('EXEC')) as readonly unknown[];
    assert.deepEqual(replies.slice(0, 2), ['OK', [1, 2]]);
    assert.equal((replies[2] as readonly unknown[])[1], 2);
    const script = `redis.call('AI.TENSORSET', KEYS[1], 'INT8', 2, 'BLOB', 'ab')
      redis.call('AI.TENSORSET', KEYS[1], 'INT8', 2, 'BLOB', ARGV[1])
      return redis.call('AI.TENSORGET', KEYS[1], 'VALUES')`;
    for (let i = 0; i < 100; i++) assert.deepEqual(await ask('EVAL', script, 1, 's', 'AB'), [65, 66]);
  });

  it('are refused when memory is used up', async () => {
    await client.send('CONFIG', 'SET', 'maxmemory', 1);
    try {
      assert.equal(await ask(...set), "OOM command not allowed when used memory > 'maxmemory'.");
    } finally {
      await client.send('CONFIG', 'SET', 'maxmemory', 0);
    }
  });

  it('take what the server takes in one argument, and no more', async () => {
    await client.send('CONFIG', 'SET', 'proto-max-bulk-len', 2_000_000);
    try {
      const limit = "ERR the tensor is larger than the server's proto-max-bulk-len";
      assert.equal(await ask('AI.TENSORSET', 'k', 'INT8', 2_000_001), limit);
      assert.equal(await ask('AI.TENSORSET', 'k', 'INT8', 2_000_000), 'OK');
    } finally {
      await client.send('CONFIG', 'SET', 'proto-max-bulk-len', 512 * 1024 * 1024);
    }
  });

  it('take what servers usually take where the server tells no limit', async () => {
    const silent = await EngineServer.start(['--rename-command', 'CONFIG', '']);
    try {
      const other = await silent.client();
      assert.equal(plain(await other.send('AI.TENSORSET', 'k', 'INT8', 512 * 1024 * 1024)), 'OK');
      assert.equal(
        plain(await other.send('AI.TENSORSET', 'k', 'INT8', 512 * 1024 * 1024 + 1)),
        "ERR the tensor is larger than the server's proto-max-bulk-len",
      );
    } finally {
      await silent.stop();
    }
  });

  it('are not set where the server cannot have that much memory', async () => {
    await client.send('CONFIG', 'SET', 'proto-max-bulk-len', 2 ** 60);
    try {
      const [answer] = [await ask('AI.TENSORSET', 'k', 'INT8', 2 ** 50)];
      assert.equal(answer, 'OOM there is no memory for this tensor');
      assert.equal(await ask('EXISTS', 'k'), 0);
    } finally {
      await client.send('CONFIG', 'SET', 'proto-max-bulk-len', 512 * 1024 * 1024);
    }
  });

  it('have a version that tells whether they were replaced', async () => {
    const version = async (key: string) => Number(await client.send('TENSOR.VERSION', key));
    await client.send(...set);
    const first = await version('k');
    assert.equal(await version('k'), first);
    await client.send('RENAME', 'k', 'moved');
    await client.send('COPY', 'moved', 'copied');
    assert.deepEqual([await version('moved'), await version('copied')], [first, first]);
    await client.send(...set);
    assert.ok((await version('k')) > first);
    await client.send('SAVE');
    await server.restart();
    client = await server.client();
    assert.ok((await version('k')) > first + 1);
  });

  it('share the settings that SmartRedis asks for', async () => {
    assert.equal(await ask('AI.CONFIG', 'GET', 'MODEL_CHUNK_SIZE'), 535822336);
    assert.equal(await ask('ai.config', 'model_chunk_size', 1000), 'OK');
    assert.equal(await ask('AI.CONFIG', 'get', 'model_chunk_size'), 1000);
    assert.equal(await ask('AI.CONFIG', 'BACKENDSPATH', '/some/where'), 'OK');
    assert.equal(await ask('AI.CONFIG', 'GET', 'BACKENDSPATH'), '/some/where');
    assert.equal(await ask('AI.CONFIG', 'GET', 'ANYTHING'), null);
  });
});
