import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { messageOf, type Problem } from '../../../src/core/base/problem';
import type { Result } from '../../../src/core/base/result';
import { RedisConnection } from '../../../src/core/redis/redisConnection';
import { saveTensor } from '../../../src/core/tensor/saveTensor';
import { formatSelection } from '../../../src/core/tensor/selection';
import { parseSlice, type TensorSlice } from '../../../src/core/tensor/sliceText';
import { viewTensor, type TensorView } from '../../../src/core/tensor/viewTensor';
import { EngineServer } from '../../support/engineServer';
import type { RespClient } from '../../support/respClient';
import { ServerLink } from '../../support/serverLink';
import { temporaryFolder } from '../../support/temporaryFolder';
import { bytesOf, bytesOfStrings } from '../../support/tensors';

const limits = { whole: 200, corner: 64 };
const { signal } = new AbortController();

function sliceOf(text: string): TensorSlice {
  const slice = parseSlice(text);
  assert.ok(slice.ok);
  return slice.value;
}

function valueOf<T>(result: Result<T>): T {
  assert.ok(result.ok, result.problems.map(messageOf).join());
  return result.value;
}

function refusalOf(result: Result<unknown>): Problem {
  assert.ok(!result.ok);
  const [found] = result.problems;
  assert.ok(found);
  return found;
}

describe('looking at a tensor', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let server: EngineServer;
  let client: RespClient;
  let link: ServerLink;
  let connection: RedisConnection;
  /** What happens to what is sent, before the server sees it. */
  let onSent: (said: string) => string | Promise<string>;

  before(async () => {
    server = await EngineServer.start();
    link = await ServerLink.to(server.port, (said) => onSent(said));
  });
  beforeEach(async () => {
    onSent = (said) => said;
    client = await server.client();
    await client.send('FLUSHALL');
    connection = await RedisConnection.open({ host: '127.0.0.1', port: link.port }, 30_000);
  });
  afterEach(() => {
    connection.dispose();
  });
  after(async () => {
    link.close();
    await server.stop();
  });

  const keyOf = (name: string): Uint8Array => new TextEncoder().encode(name);

  function view(slice = '...', key = keyOf('k')): Promise<Result<TensorView>> {
    return viewTensor(connection, key, sliceOf(slice), limits, signal);
  }

  /** The elements in the file that was written. */
  function elementsOf(file: string): Uint8Array {
    const bytes = new Uint8Array(readFileSync(file));
    return bytes.subarray(10 + bytes[8]! + 256 * bytes[9]!);
  }

  const save = (slice: string, name: string): Promise<Result<unknown>> =>
    saveTensor(connection, keyOf('k'), sliceOf(slice), path.join(folder.path, name), 'npy', signal);

  it('shows all of a small one, and the corner of a large one, each with the statistics of the whole', async () => {
    const key = Uint8Array.of(0x66, 0, 0xff, 0x0a);
    await client.send('AI.TENSORSET', key, 'INT64', 2, 2, 'VALUES', 1, '-9007199254740993', 3, 4);
    const small = valueOf(await view('...', key));
    assert.deepEqual(small.values, ['1', '-9007199254740993', '3', '4']);
    assert.deepEqual([small.partial, small.statistics?.min], [false, '-9007199254740993']);

    const data = bytesOf(Float32Array.from({ length: 100 * 300 }, (_, index) => index));
    await client.send('AI.TENSORSET', 'k', 'FLOAT', 100, 300, 'BLOB', data);
    const large = valueOf(await view());
    assert.deepEqual([formatSelection(large.shown), large.partial], ['[:8, :8]', true]);
    assert.deepEqual(large.values.slice(0, 10), [0, 1, 2, 3, 4, 5, 6, 7, 300, 301]);
    const { count, min, max } = large.statistics!;
    assert.deepEqual([count, min, max], [30_000, 0, 29_999]);

    const slice = valueOf(await view('[-1, ::-100]'));
    assert.deepEqual([slice.partial, slice.values], [false, [29_999, 29_899, 29_799]]);
    assert.equal(refusalOf(await view('[100]')).code, 'slice-does-not-fit');
  });

  it('shows texts', async () => {
    const texts = ['a', 'grüße', '', 'd'];
    await client.send('AI.TENSORSET', 'k', 'STRING', 2, 2, 'BLOB', bytesOfStrings(texts));
    const { values, statistics } = valueOf(await view('[::-1, 1]'));
    assert.deepEqual([values, statistics], [['d', 'grüße'], undefined]);
  });

  it('shows and writes texts that are more than the server gives at a time, and refuses one alone that is', async () => {
    const texts = Array.from({ length: 7 }, (_, index) => String(index).repeat(3 * 1024 ** 2));
    await client.send('AI.TENSORSET', 'k', 'STRING', 7, 1, 'BLOB', bytesOfStrings(texts));
    assert.deepEqual(valueOf(await view('[5:0:-1, 0]')).values, texts.slice(1, 6).toReversed());
    valueOf(await save('[:6]', 'texts.npy'));
    const written = Buffer.from(elementsOf(path.join(folder.path, 'texts.npy'))).toString('latin1');
    assert.ok(written === texts.slice(0, 6).join(''));
    await client.send(
      'AI.TENSORSET',
      'k',
      'STRING',
      2,
      'BLOB',
      bytesOfStrings(['x'.repeat(8 * 1024 ** 2 + 1), 'y']),
    );
    await assert.rejects(view('[0:1]'), /this slice has more/);
  });

  it('writes a slice that is larger than what the server gives at a time, row by row as it was asked for', async () => {
    const rows = 3000;
    const columns = 2000;
    const numbers = Int32Array.from({ length: rows * columns }, (_, index) => index);
    await client.send('AI.TENSORSET', 'k', 'INT32', rows, columns, 'BLOB', bytesOf(numbers));
    let asked = 0;
    onSent = (said) => {
      if (said.includes('TENSOR.SLICE')) asked += 1;
      return said;
    };
    valueOf(await save('[::-1, 1::2]', 'slice.npy'));
    assert.equal(asked, 2);
    const expected = Int32Array.from({ length: (rows * columns) / 2 }, (_, index) => {
      const row = rows - 1 - Math.floor(index / (columns / 2));
      return row * columns + 1 + 2 * (index % (columns / 2));
    });
    const file = path.join(folder.path, 'slice.npy');
    assert.equal(Buffer.compare(elementsOf(file), bytesOf(expected)), 0);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  /** Sets another tensor in its place before each of the first `times` commands that begin so. */
  function replaceBefore(command: string, times: number, ...other: readonly (string | number)[]): void {
    let left = times;
    onSent = async (said) => {
      if (said.includes(command) && left-- > 0) await client.send('AI.TENSORSET', 'k', ...other);
      return said;
    };
  }

  it('writes no file of two tensors', async () => {
    await client.send('AI.TENSORSET', 'k', 'UINT8', 9000, 3000);
    let parts = 0;
    onSent = async (said) => {
      if (said.includes('TENSOR.SLICE') && ++parts === 2)
        await client.send('AI.TENSORSET', 'k', 'UINT8', 9000, 3000);
      return said;
    };
    assert.equal(refusalOf(await save('[:, 1:]', 'torn.npy')).code, 'tensor-changed');
    assert.equal(parts, 2);
    assert.deepEqual(readdirSync(folder.path), []);
  });

  for (const [command, slice, shown] of [
    ['META', '...', [5, 6, 7]],
    ['BLOB', '...', [5, 6, 7]],
    ['TENSOR.SLICE', '[::-1]', [7, 6, 5]],
    ['TENSOR.STATISTICS', '...', [5, 6, 7]],
  ] as const)
    it(`shows one state of a tensor that is replaced before ${command}`, async () => {
      await client.send('AI.TENSORSET', 'k', 'INT8', 2, 'VALUES', 1, 2);
      replaceBefore(command, 1, 'INT16', 3, 'VALUES', 5, 6, 7);
      const { type, shape, values, statistics } = valueOf(await view(slice));
      assert.deepEqual([type, shape, values, statistics?.max], ['INT16', [3], shown, 7]);
    });

  it('says so where a tensor is replaced again and again', async () => {
    await client.send('AI.TENSORSET', 'k', 'INT8', 2, 'VALUES', 1, 2);
    replaceBefore('TENSOR.STATISTICS', 1000, 'INT8', 2, 'VALUES', 3, 4);
    assert.equal(refusalOf(await view()).code, 'tensor-changed');
  });

  describe('in RedisAI, which gives whole tensors alone', () => {
    /** A server that does not know our commands. */
    beforeEach(() => {
      onSent = (said) => said.replaceAll('TENSOR.', 'NOSUCH.');
    });

    it('shows and writes the same, without statistics', async () => {
      const numbers = bytesOf(Int16Array.from({ length: 24 }, (_, index) => index));
      await client.send('AI.TENSORSET', 'k', 'INT16', 2, 3, 4, 'BLOB', numbers);
      const { values, statistics, version } = valueOf(await view('[1, ::-1, 2:]'));
      assert.deepEqual([values, statistics, version], [[22, 23, 18, 19, 14, 15], undefined, undefined]);
      valueOf(await save('[0, 0]', 'row.npy'));
      assert.deepEqual(elementsOf(path.join(folder.path, 'row.npy')), bytesOf(Int16Array.of(0, 1, 2, 3)));
      valueOf(await save('...', 'all.npy'));
      assert.deepEqual(elementsOf(path.join(folder.path, 'all.npy')), numbers);
    });

    it('shows no two that were torn apart', async () => {
      await client.send('AI.TENSORSET', 'k', 'INT16', 2, 'VALUES', 1, 2);
      let replaced = false;
      onSent = async (said) => {
        if (said.includes('BLOB') && !replaced) {
          replaced = true;
          await client.send('AI.TENSORSET', 'k', 'INT8', 4, 'VALUES', 1, 2, 3, 4);
        }
        return said.replaceAll('TENSOR.', 'NOSUCH.');
      };
      const { type, values } = valueOf(await view());
      assert.deepEqual([replaced, type, values], [true, 'INT8', [1, 2, 3, 4]]);
    });

    it('refuses one that is too large to be taken whole, before it asks for it', async () => {
      await client.send('AI.TENSORSET', 'k', 'UINT8', 256 * 1024 ** 2 + 1);
      onSent = (said) => {
        assert.ok(!said.includes('BLOB'));
        return said.replaceAll('TENSOR.', 'NOSUCH.');
      };
      for (const result of [await view('[0]'), await save('...', 'all.npy')]) {
        const found = refusalOf(result);
        assert.equal(found.code, 'tensor-whole-only');
        assert.match(messageOf(found), /k has 268435457 bytes; at most 268435456 are read so/);
      }
      assert.deepEqual(readdirSync(folder.path), []);
    });
  });
});
