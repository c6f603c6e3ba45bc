import assert from 'node:assert/strict';
import { EngineServer } from '../support/engineServer';
import { random } from '../support/random';
import { type RespClient, type Reply } from '../support/respClient';
import { byName, bytesOf, bytesOfStrings, numbersOf, plain } from '../support/tensors';

type Slice = readonly [start: number, stop: number, step: number];

/** Numbers of the selected elements in row-major order, by going over every element and asking whether it is wanted. */
function selected(shape: readonly number[], slices: readonly Slice[]): number[] {
  const count = shape.reduce((product, length) => product * length, 1);
  return Array.from({ length: count }, (_, element) => element).filter((element) => {
    let rest = element;
    return shape
      .map((length) => length)
      .reverse()
      .every((length, fromEnd) => {
        const index = rest % length;
        rest = Math.floor(rest / length);
        const [start, stop, step] = slices[shape.length - 1 - fromEnd]!;
        return index >= start && index < stop && (index - start) % step === 0;
      });
  });
}

const lengthOf = ([start, stop, step]: Slice) => Math.ceil((stop - start) / step);

describe('slices of tensors', () => {
  let server: EngineServer;
  let client: RespClient;

  before(async () => {
    server = await EngineServer.start();
    client = await server.client();
  });
  after(() => server.stop());

  async function slice(key: string, ...args: readonly number[]): Promise<Map<unknown, Reply>> {
    return byName(await client.send('TENSOR.SLICE', key, ...args));
  }

  it('hold every step of each dimension, whatever the shape', async () => {
    const next = random(11);
    const below = (limit: number) => Math.floor(next() * limit);
    for (let round = 0; round < 400; round++) {
      const shape = Array.from({ length: 1 + below(5) }, () => 1 + below(6));
      const count = shape.reduce((product, length) => product * length, 1);
      const [type, size] = (
        [
          ['INT8', 1],
          ['INT16', 2],
          ['INT32', 4],
          ['INT64', 8],
        ] as const
      )[below(4)]!;
      const data = Uint8Array.from({ length: count * size }, () => below(256));
      await client.send('AI.TENSORSET', 'k', type, ...shape, 'BLOB', data);
      const slices = shape.map((length): Slice => {
        // Every other dimension is often taken whole, where elements lie side by side.
        if (below(2) === 0) return [0, length, 1];
        const start = below(length);
        return [start, start + 1 + below(length - start), 1 + below(4)];
      });
      const reply = await slice('k', ...slices.flat());
      const told = JSON.stringify({ shape, slices, type });
      assert.equal(plain(reply.get('dtype')!), type, told);
      assert.deepEqual(reply.get('shape'), slices.map(lengthOf), told);
      const all = numbersOf(type, data);
      const wanted = selected(shape, slices).map((element) => all[element]);
      assert.deepEqual(numbersOf(type, reply.get('blob') as Uint8Array), wanted, told);
    }
  });

  it('hold whole strings', async () => {
    const texts = Array.from({ length: 60 }, (_, i) => 'x'.repeat((i * 7) % 11) + String(i));
    await client.send('AI.TENSORSET', 'k', 'STRING', 3, 4, 5, 'BLOB', bytesOfStrings(texts));
    const slices: readonly Slice[] = [
      [0, 3, 2],
      [1, 4, 1],
      [0, 5, 3],
    ];
    const reply = await slice('k', ...slices.flat());
    const wanted = selected([3, 4, 5], slices).map((element) => texts[element]!);
    assert.deepEqual(reply.get('blob'), bytesOfStrings(wanted));
    assert.deepEqual(reply.get('shape'), [2, 3, 2]);
    const range = byName(await client.send('TENSOR.RANGE', 'k', 58, 2));
    assert.deepEqual(range.get('blob'), bytesOfStrings(texts.slice(58)));
  });

  it('of a scalar are the scalar', async () => {
    await client.send('AI.TENSORSET', 'k', 'INT8', 'VALUES', 5);
    const reply = await slice('k');
    assert.deepEqual([reply.get('shape'), reply.get('blob')], [[], Uint8Array.of(5)]);
  });

  it('by number come from anywhere in the tensor', async () => {
    const data = Float32Array.from({ length: 1000 }, (_, i) => i / 7);
    await client.send('AI.TENSORSET', 'k', 'FLOAT', 10, 100, 'BLOB', bytesOf(data));
    for (const [start, count] of [
      [0, 1],
      [0, 1000],
      [999, 1],
      [123, 456],
    ] as const) {
      const reply = byName(await client.send('TENSOR.RANGE', 'k', start, count));
      assert.deepEqual(reply.get('shape'), [count]);
      assert.deepEqual(reply.get('blob'), bytesOf(data.subarray(start, start + count)));
      assert.equal(reply.get('version'), await client.send('TENSOR.VERSION', 'k'));
    }
  });

  it('hold at most 8 MiB', async () => {
    const limit = 8 * 1024 * 1024;
    const refusal = 'ERR this slice has more than 8388608 bytes: ask for less at a time';
    await client.send('AI.TENSORSET', 'k', 'UINT8', 3 * limit);
    const whole = byName(await client.send('TENSOR.RANGE', 'k', 5, limit));
    assert.equal((whole.get('blob') as Uint8Array).length, limit);
    assert.equal(plain(await client.send('TENSOR.RANGE', 'k', 5, limit + 1)), refusal);
    const strided = await slice('k', 0, 2 * limit, 2);
    assert.equal((strided.get('blob') as Uint8Array).length, limit);
    assert.equal(plain(await client.send('TENSOR.SLICE', 'k', 0, 2 * limit + 1, 2)), refusal);
    const texts = bytesOfStrings(['a', 'b'.repeat(limit), 'c']);
    await client.send('AI.TENSORSET', 'k', 'STRING', 3, 'BLOB', texts);
    assert.equal(plain(await client.send('TENSOR.RANGE', 'k', 0, 2)), refusal);
    assert.deepEqual(byName(await client.send('TENSOR.RANGE', 'k', 2, 1)).get('blob'), bytesOfStrings(['c']));
  });
});
