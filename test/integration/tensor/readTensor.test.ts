import assert from 'node:assert/strict';
import { messageOf } from '../../../src/core/base/problem';
import { RedisConnection } from '../../../src/core/redis/redisConnection';
import { sendStreamed } from '../../../src/core/redis/streamedCommand';
import { TensorChanged } from '../../../src/core/tensor/readFaults';
import { readHead, readSelection } from '../../../src/core/tensor/readTensor';
import { selectionOf } from '../../../src/core/tensor/selection';
import { wholeTensor } from '../../../src/core/tensor/sliceText';
import { writeTensor } from '../../../src/core/tensor/writeTensor';
import { EngineServer } from '../../support/engineServer';

const mebibyte = 1024 ** 2;
const keyOf = (name: string): Uint8Array => new TextEncoder().encode(name);
const options = { limit: 10_000, signal: new AbortController().signal };

describe('a large tensor', function () {
  this.timeout(60_000);
  let server: EngineServer;
  let connection: RedisConnection;

  beforeEach(async () => {
    server = await EngineServer.start(['--proto-max-bulk-len', String(128 * mebibyte)]);
    connection = await RedisConnection.open({ host: '127.0.0.1', port: server.port }, 10_000);
  });
  afterEach(async () => {
    connection.dispose();
    await server.stop();
  });

  /** A tensor whose n-th mebibyte consists of n; it is never in memory as a whole. */
  async function send(key: string, mebibytes: number, bytes = mebibytes * mebibyte): Promise<void> {
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (let number = 0; number < mebibytes; number++)
        yield await Promise.resolve(new Uint8Array(mebibyte).fill(number));
    }
    const words = ['AI.TENSORSET', key, 'UINT8', String(bytes), 'BLOB'];
    await sendStreamed({ host: '127.0.0.1', port: server.port }, words, { bytes, chunks: chunks() }, options);
  }

  async function chunksOf(key: string): Promise<AsyncGenerator<Uint8Array>> {
    const head = await readHead(connection, keyOf(key));
    const all = selectionOf(wholeTensor, head.shape);
    assert.ok(typeof all !== 'string');
    return readSelection(connection, keyOf(key), head, all, options.signal);
  }

  it('is sent and read part by part, and comes back as it was', async () => {
    await send('big', 80);
    const { type, shape } = await readHead(connection, keyOf('big'));
    assert.deepEqual([type, shape], ['UINT8', [80 * mebibyte]]);
    let at = 0;
    for await (const chunk of await chunksOf('big')) {
      assert.ok(chunk.length <= 16 * mebibyte);
      for (let from = 0; from < chunk.length; from += mebibyte)
        assert.ok(chunk.subarray(from, from + mebibyte).every((byte) => byte === (at + from) / mebibyte));
      at += chunk.length;
    }
    assert.equal(at, 80 * mebibyte);
  });

  for (const [what, replace] of [
    ['replaced by another', () => connection.command('AI.TENSORSET', 'big', 'UINT8', String(80 * mebibyte))],
    ['replaced by a shorter one', () => connection.command('AI.TENSORSET', 'big', 'UINT8', '1')],
    ['removed', () => connection.command('DEL', 'big')],
  ] as const)
    it(`is not put together of two where it is ${what} meanwhile`, async () => {
      await send('big', 80);
      const chunks = await chunksOf('big');
      await chunks.next();
      await replace();
      await assert.rejects(async () => chunks.next(), TensorChanged);
    });

  it('is refused before anything is sent where the server would hang up, and leaves what was there', async () => {
    await connection.command('AI.TENSORSET', 'key', 'INT8', '1');
    const shard = { name: 'orchestrator_0', host: '127.0.0.1', port: server.port, slots: [] };
    const chunks = { [Symbol.asyncIterator]: () => assert.fail('asked for what is refused') };
    const tensor = { type: 'UINT8', shape: [128 * mebibyte], bytes: 128 * mebibyte, chunks } as const;
    const found = await writeTensor(connection, shard, keyOf('key'), tensor, options.signal);
    assert.match(
      messageOf(found!),
      /134217728 bytes, and the shard orchestrator_0 takes values of less than 134217728/,
    );
    assert.equal((await readHead(connection, keyOf('key'))).type, 'INT8');
  });

  it('is refused with the words of the server', async () => {
    const words = ['AI.TENSORSET', 'key', 'NONSENSE', '3', 'BLOB'];
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(new Uint8Array(3));
    }
    const address = { host: '127.0.0.1', port: server.port };
    await assert.rejects(
      sendStreamed(address, words, { bytes: 3, chunks: chunks() }, options),
      /ERR invalid data type/,
    );
    await connection.command('SET', 'text', 'x');
    await assert.rejects(readHead(connection, keyOf('text')), /WRONGTYPE/);
  });

  it('ends with what its source ends with', async () => {
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(new Uint8Array(1));
      throw new Error('the disk is gone');
    }
    const words = ['AI.TENSORSET', 'key', 'UINT8', '5', 'BLOB'];
    const address = { host: '127.0.0.1', port: server.port };
    await assert.rejects(
      sendStreamed(address, words, { bytes: 5, chunks: chunks() }, options),
      /the disk is gone/,
    );
  });
});
