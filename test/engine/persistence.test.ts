import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { crc64, withChecksum, withEncoding } from '../support/dumpPayload';
import { beforeRedis7, EngineServer, memoryIsCounted } from '../support/engineServer';
import { assertEveryTensor, everyKey, everyTensor, setEveryTensor } from '../support/everyTensor';
import { random } from '../support/random';
import { type Reply, type RespClient, textOf } from '../support/respClient';
import { plain, untilTensors } from '../support/tensors';

const next = random(7);
const randomBytes = (length: number) => Uint8Array.from({ length }, () => next() * 256);

const aofSettings = ['--appendonly', 'yes', '--appendfsync', 'always'];

describe('what becomes of tensors in the server', () => {
  let server: EngineServer;
  let client: RespClient;

  const start = async (...settings: string[]) => {
    server = await EngineServer.start(settings);
    client = await server.client();
  };
  afterEach(() => server.stop());

  it('keeps them bit by bit over a restart from an RDB file', async () => {
    await start();
    await setEveryTensor(client);
    await client.send('SAVE');
    await server.restart();
    client = await server.client();
    await assertEveryTensor(client);
  });

  it('keeps them over a restart from the commands of an AOF', async () => {
    await start(...aofSettings);
    await setEveryTensor(client);
    await server.restart();
    client = await server.client();
    await assertEveryTensor(client);
  });

  it('rewrites an AOF into commands that set them again', async () => {
    await start(...aofSettings, '--aof-use-rdb-preamble', 'no');
    await setEveryTensor(client);
    await client.send('BGREWRITEAOF');
    await untilInfo(client, 'persistence', 'aof_rewrite_in_progress:0');
    await untilInfo(client, 'persistence', 'aof_rewrite_scheduled:0');
    const text = readFileSync(rewrittenAof(server.directory), 'latin1');
    assert.match(text, /AI\.TENSORSET\r\n\$6\r\nuint16\r\n\$6\r\nUINT16\r\n\$3\r\n300\r\n\$4\r\nBLOB/);
    await server.restart();
    client = await server.client();
    await assertEveryTensor(client);
  });

  it('replicates them, those there were and those to come', async () => {
    await start();
    await setEveryTensor(client);
    const replica = await EngineServer.start(['--replicaof', '127.0.0.1', String(server.port)]);
    try {
      const reader = await replica.client();
      await untilInfo(reader, 'replication', 'master_link_status:up');
      await assertEveryTensor(reader);
      await client.send('AI.TENSORSET', 'int8', 'INT8', 2, 'VALUES', 4, 2);
      await client.send('COPY', 'float', 'copied');
      assert.equal(await client.send('WAIT', 1, 10_000), 1);
      assert.deepEqual(await reader.send('AI.TENSORGET', 'int8', 'VALUES'), [4, 2]);
      assert.deepEqual(await reader.send('AI.TENSORGET', 'copied', 'BLOB'), everyTensor[0]![3]);
      assert.equal(
        plain(await reader.send('AI.TENSORSET', 'int8', 'INT8', 1)),
        "READONLY You can't write against a read only replica.",
      );
    } finally {
      await replica.stop();
    }
  });

  it('fills with zeros in replicas and from an AOF whatever these take from clients', async () => {
    const small = ['--proto-max-bulk-len', '2mb', '--aof-use-rdb-preamble', 'no'];
    await start(...aofSettings, ...small);
    const replica = await EngineServer.start(['--replicaof', '127.0.0.1', String(server.port), ...small]);
    try {
      const reader = await replica.client();
      await untilInfo(reader, 'replication', 'master_link_status:up');
      await client.send('CONFIG', 'SET', 'proto-max-bulk-len', 10_000_000);
      assert.equal(await client.send('AI.TENSORSET', 'k', 'INT8', 4_000_000), 'OK');
      assert.equal(await client.send('WAIT', 1, 10_000), 1);
      assert.deepEqual(plain(await reader.send('AI.TENSORGET', 'k', 'META')), [
        ...['dtype', 'INT8', 'shape'],
        [4_000_000],
      ]);
    } finally {
      await replica.stop();
    }
    await server.restart();
    client = await server.client();
    assert.equal(await client.send('EXISTS', 'k'), 1);
  });

  it('copies, renames, dumps and restores them, and tells them apart by digest', async () => {
    await start();
    await setEveryTensor(client);
    for (const key of everyKey) {
      assert.equal(await client.send('COPY', key, `copy:${key}`), 1);
      assert.equal(await client.send('RENAME', `copy:${key}`, `renamed:${key}`), 'OK');
      const payload = (await client.send('DUMP', key)) as Uint8Array;
      assert.equal(await client.send('RESTORE', `restored:${key}`, 0, payload), 'OK');
    }
    await assertEveryTensor(client, 'renamed:');
    await assertEveryTensor(client, 'restored:');
    const digests = (await client.send(
      'DEBUG',
      'DIGEST-VALUE',
      ...['float', 'renamed:float', 'restored:float', 'int8'],
    )) as string[];
    assert.equal(new Set(digests.slice(0, 3)).size, 1);
    assert.notEqual(digests[0], digests[3]);
    // A copy lives on without what it was copied from.
    await client.send('DEL', ...everyKey);
    await assertEveryTensor(client, 'renamed:');
  });

  it('counts their memory truly', async () => {
    await start();
    const data = randomBytes(1000);
    for (const megabytes of [1, 20]) {
      const before = await usedMemory(client);
      await client.send('AI.TENSORSET', `k${megabytes}`, 'UINT8', megabytes * 1_000_000);
      const grown = (await usedMemory(client)) - before;
      const told = Number(await client.send('MEMORY', 'USAGE', `k${megabytes}`));
      assert.ok(Math.abs(told - megabytes * 1_000_000) < 1000, String(told));
      if (memoryIsCounted) assert.ok(Math.abs(grown - told) < 0.2 * told, `${grown} and ${told}`);
    }
    await client.send('AI.TENSORSET', 'sent', 'UINT8', 1000, 'BLOB', data);
    const told = Number(await client.send('MEMORY', 'USAGE', 'sent'));
    assert.ok(told >= 1000 && told < 1400, String(told));
  });

  it('takes no more memory for what a client sends than SET does', async () => {
    await start();
    const bytes = new Uint8Array(8_000_000);
    // Each by a client of its own, which has left when we look: the server keeps a buffer for the next large argument
    // of each, and takes it back some time later.
    const grownBy = async (...command: string[]) => {
      const before = await usedMemory(client);
      const writer = await server.client();
      for (let i = 0; i < 4; i++)
        await writer.send(command[0]!, `${command[0]!}${i}`, ...command.slice(1), bytes);
      writer.close();
      await untilInfo(client, 'clients', 'connected_clients:1\r\n');
      return (await usedMemory(client)) - before;
    };
    const plainly = await grownBy('SET');
    const asTensors = await grownBy('AI.TENSORSET', 'UINT8', '8000000', 'BLOB');
    assert.ok(asTensors < plainly * 1.01, `${asTensors} and ${plainly}`);
  });

  it('frees them whichever way they go', async () => {
    await start();
    await setEveryTensor(client);
    await untilTensors(client, everyKey.length);
    await client.send('UNLINK', 'uint8');
    await client.send('COPY', 'float', 'second');
    await client.send('DEL', 'float');
    await untilTensors(client, everyKey.length - 1);
    // Set and flushed in one transaction, which holds the strings still while another thread drops the tensors.
    await client.send('MULTI');
    for (let i = 0; i < 20; i++) await client.send('AI.TENSORSET', `k${i}`, 'UINT8', 3, 'BLOB', 'abc');
    await client.send('FLUSHALL', 'ASYNC');
    await client.send('EXEC');
    await untilTensors(client, 0);
  });

  it('replaces and drops large tensors in the background', async () => {
    await start();
    await client.send('AI.TENSORSET', 'k', 'UINT8', 40_000_000);
    await client.send('AI.TENSORSET', 'k', 'UINT8', 40_000_000);
    await client.send('UNLINK', 'k');
    await untilTensors(client, 0);
    // Counted by the thread that freed them, a moment after the tensor is gone.
    await untilInfo(client, 'memory', 'lazyfreed_objects:2\r\n');
  });

  describe('of what RESTORE brings', () => {
    let payload: Uint8Array;
    beforeEach(async () => {
      await start();
      await client.send('AI.TENSORSET', 'k', 'FLOAT', 2, 3, 'VALUES', 1, 2, 3, 4, 5, 6);
      payload = (await client.send('DUMP', 'k')) as Uint8Array;
    });

    const refusal = 'ERR Bad data format';

    it('takes a payload whose checksum we have made ourselves', () => {
      assert.equal(crc64(new TextEncoder().encode('123456789')), 0xe9c6d914c4b8d9can);
      assert.deepEqual(withChecksum(payload), payload);
    });

    it('refuses tensors saved by RedisAI and by newer engines, in words', async () => {
      for (const encoding of [0, 1, 2, 3, 4, 100])
        assert.equal(plain(await client.send('RESTORE', 'r', 0, withEncoding(payload, encoding))), refusal);
      assert.match(
        server.log,
        /This tensor was saved by RedisAI \(encoding 4\), whose files only RedisAI reads: load RedisAI/,
      );
      assert.equal(plain(await client.send('RESTORE', 'r', 0, withEncoding(payload, 513))), refusal);
      assert.match(server.log, /This tensor was saved by a newer engine \(encoding 513\)/);
    });

    it('survives any damaged byte and any missing end', async () => {
      const answers = new Map<unknown, number>();
      const restore = async (bytes: Uint8Array) => {
        const answer = plain(await client.send('RESTORE', 'r', 0, withChecksum(bytes), 'REPLACE'));
        answers.set(answer, (answers.get(answer) ?? 0) + 1);
        // What is taken is a whole tensor.
        if (answer === 'OK')
          assert.equal(((await client.send('AI.TENSORGET', 'r')) as readonly Reply[]).length, 6);
      };
      for (let at = 0; at < payload.length - 10; at++) {
        for (const change of [1, 0x40, 0x80, 0xff]) {
          const damaged = payload.slice();
          damaged[at]! ^= change;
          await restore(damaged);
        }
        await restore(
          Uint8Array.from([...payload.subarray(0, at), ...payload.subarray(payload.length - 10)]),
        );
      }
      // Damage within the numbers cannot be seen; all other is refused.
      assert.ok(answers.get(refusal)! > 60, JSON.stringify([...answers]));
      assert.equal(await client.send('PING'), 'PONG');
      for (const words of [
        'its type is unknown',
        'its data do not fit',
        'it has too many dimensions',
        'its shape is impossible',
      ])
        assert.ok(server.log.includes(words), words);
    });
  });

  it('refuses an RDB file with tensors of RedisAI, and says so', async () => {
    await start();
    await client.send('AI.TENSORSET', 'k', 'FLOAT', 1, 'VALUES', 1);
    const dump = (await client.send('DUMP', 'k')) as Uint8Array;
    await client.send('SAVE');
    const file = path.join(server.directory, 'dump.rdb');
    const bytes = Buffer.from(readFileSync(file, 'latin1'), 'latin1');
    const at = bytes.toString('latin1').indexOf(textOf(dump.subarray(2, 10)));
    assert.ok(at > 0);
    writeFileSync(file, withEncoding(Uint8Array.from(bytes), 4, at));
    await assert.rejects(server.restart(), /This tensor was saved by RedisAI \(encoding 4\)/);
  });
});

/** Since Redis 7.0 an AOF is a folder of files, of which one, the base, was rewritten. */
function rewrittenAof(directory: string): string {
  if (beforeRedis7) return path.join(directory, 'appendonly.aof');
  const folder = path.join(directory, 'appendonlydir');
  return path.join(
    folder,
    readdirSync(folder).find((name) => name.includes('.base.'))!,
  );
}

async function usedMemory(client: RespClient): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(plain(await client.send('INFO', 'memory')) as string)![1]);
}

async function untilInfo(client: RespClient, section: string, words: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    const info = plain(await client.send('INFO', section)) as string;
    if (info.includes(words)) return;
    assert.ok(tries < 1000, info);
    await delay(10);
  }
}
