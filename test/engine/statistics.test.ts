import assert from 'node:assert/strict';
import { EngineServer } from '../support/engineServer';
import { random } from '../support/random';
import { type RespClient, type Reply } from '../support/respClient';
import { byName, numbersOf, plain } from '../support/tensors';

const types = ['FLOAT', 'DOUBLE', 'INT8', 'INT16', 'INT32', 'INT64', 'UINT8', 'UINT16', 'BOOL'] as const;
const sizes = { FLOAT: 4, DOUBLE: 8, INT8: 1, INT16: 2, INT32: 4, INT64: 8, UINT8: 1, UINT16: 2, BOOL: 1 };

/** The slow and plain way: two passes in doubles over everything. */
function expectedOf(numbers: readonly number[]) {
  const finite = numbers.filter(Number.isFinite);
  const mean = finite.reduce((sum, number) => sum + number, 0) / finite.length;
  const squares = finite.reduce((sum, number) => sum + (number - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / finite.length), finite };
}

function assertNear(actual: number, expected: number, scale: number, what: string): void {
  assert.ok(
    Math.abs(actual - expected) <= 1e-9 * Math.max(scale, Number.MIN_VALUE),
    `${what}: ${actual}, not ${expected}`,
  );
}

describe('statistics of tensors', () => {
  let server: EngineServer;
  let client: RespClient;

  before(async () => {
    server = await EngineServer.start();
    client = await server.client();
  });
  after(() => server.stop());

  const next = random(3);
  const number = (reply: Reply | undefined) => Number(plain(reply ?? null));

  async function statistics(
    key: string,
    ...args: readonly (string | number)[]
  ): Promise<Map<unknown, Reply>> {
    return byName(await client.send('TENSOR.STATISTICS', key, ...args));
  }

  /** Numbers of the type: floats of a normal range, or any bytes. */
  function sample(type: (typeof types)[number], count: number): Uint8Array {
    const values = Array.from({ length: count }, () => (next() - 0.5) * 1000 + 300);
    if (type === 'FLOAT') return new Uint8Array(Float32Array.from(values).buffer);
    if (type === 'DOUBLE') return new Uint8Array(Float64Array.from(values).buffer);
    return Uint8Array.from({ length: count * sizes[type] }, () =>
      type === 'BOOL' ? Math.round(next()) : next() * 256,
    );
  }

  for (const type of types) {
    it(`of ${type} are right in less and in more than one turn`, async () => {
      for (const count of [1, 1000, 1025, 300_000]) {
        const data = sample(type, count);
        await client.send('AI.TENSORSET', 'k', type, count, 'BLOB', data);
        const told = await statistics('k', 'BINS', 10);
        const exact = numbersOf(type, data);
        const numbers = exact.map(Number);
        const { mean, deviation } = expectedOf(numbers);
        const [least, most] = [Math.min, Math.max].map((choose) => numbers.reduce((a, b) => choose(a, b)));
        const scale = Math.max(Math.abs(least!), Math.abs(most!));
        assert.equal(told.get('count'), count);
        assert.deepEqual(
          ['nans', 'positive_infinities', 'negative_infinities'].map((name) => told.get(name)),
          [0, 0, 0],
        );
        if (type === 'INT64') {
          const sorted = (exact as readonly bigint[]).toSorted((a, b) => (a < b ? -1 : 1));
          const bounds = [told.get('min'), told.get('max')].map((bound) => BigInt(bound as number));
          assert.deepEqual(bounds, [sorted[0], sorted.at(-1)]);
        } else {
          assert.deepEqual([number(told.get('min')), number(told.get('max'))], [least, most]);
        }
        assertNear(number(told.get('mean')), mean, scale, 'mean');
        assertNear(number(told.get('standard_deviation')), deviation, scale, 'deviation');
        const histogram = told.get('histogram') as number[];
        const counted = new Array<number>(10).fill(0);
        for (const value of numbers) {
          const bin = most === least ? 0 : Math.floor(((value - least!) / (most! - least!)) * 10);
          counted[Math.min(bin, 9)]!++;
        }
        // A number on the edge of two bins may fall into either.
        const moved = counted.reduce((sum, inBin, bin) => sum + Math.abs(inBin - histogram[bin]!), 0);
        const onEdges = ['FLOAT', 'DOUBLE', 'INT32', 'INT64'].includes(type) ? 4 : count / 50;
        assert.ok(moved <= onEdges, `${type} ${count}: ${String(histogram)}, not ${String(counted)}`);
        assert.equal(
          histogram.reduce((sum, inBin) => sum + inBin, 0),
          count,
        );
      }
    });
  }

  it('tell NaN and infinities apart, and leave them out of the rest', async () => {
    const values = Float64Array.of(NaN, 1, Infinity, -Infinity, 3, NaN, NaN, Infinity);
    await client.send('AI.TENSORSET', 'k', 'DOUBLE', 8, 'BLOB', new Uint8Array(values.buffer));
    const told = await statistics('k', 'BINS', 2);
    assert.deepEqual(
      [...told].filter(([name]) => name !== 'version').map(([name, value]) => [name, plain(value)]),
      [
        ['count', 8],
        ['nans', 3],
        ['positive_infinities', 2],
        ['negative_infinities', 1],
        ['min', '1'],
        ['max', '3'],
        ['mean', '2'],
        ['standard_deviation', '1'],
        ['histogram', [1, 1]],
      ],
    );
  });

  it('of nothing finite are not made up', async () => {
    await client.send(
      'AI.TENSORSET',
      'k',
      'FLOAT',
      2,
      'BLOB',
      new Uint8Array(Float32Array.of(NaN, Infinity).buffer),
    );
    const told = await statistics('k', 'BINS', 3);
    assert.deepEqual(
      ['min', 'max', 'mean', 'standard_deviation'].map((name) => told.get(name)),
      [null, null, null, null],
    );
    assert.deepEqual(told.get('histogram'), [0, 0, 0]);
  });

  it('do not lose small differences far from zero', async () => {
    const values = Float64Array.from({ length: 100_000 }, (_, i) => 1e9 + (i % 2));
    await client.send('AI.TENSORSET', 'k', 'DOUBLE', values.length, 'BLOB', new Uint8Array(values.buffer));
    const told = await statistics('k');
    assert.equal(number(told.get('mean')), 1e9 + 0.5);
    assertNear(number(told.get('standard_deviation')), 0.5, 1, 'deviation');
  });

  it('bear the largest numbers that there are', async () => {
    const values = Float64Array.of(-Number.MAX_VALUE, Number.MAX_VALUE, 0);
    await client.send('AI.TENSORSET', 'k', 'DOUBLE', 3, 'BLOB', new Uint8Array(values.buffer));
    const told = await statistics('k', 'BINS', 3);
    assert.deepEqual(told.get('histogram'), [1, 1, 1]);
    assert.deepEqual(
      [number(told.get('min')), number(told.get('max')), number(told.get('mean'))],
      [-Number.MAX_VALUE, Number.MAX_VALUE, 0],
    );
  });

  it('of huge numbers that are all alike tell no deviation', async () => {
    const same = (value: number, count: number) => Float64Array.from({ length: count }, () => value);
    for (const values of [same(1e200, 3), same(Number.MAX_VALUE, 5000), same(-Number.MAX_VALUE, 2)]) {
      await client.send('AI.TENSORSET', 'k', 'DOUBLE', values.length, 'BLOB', new Uint8Array(values.buffer));
      const told = await statistics('k');
      assertNear(number(told.get('mean')) / values[0]!, 1, 1, 'mean');
      assert.ok(number(told.get('standard_deviation')) <= Math.abs(values[0]!) * 1e-12);
    }
  });

  it('join pieces that lie as far apart as can be', async () => {
    // More than the engine looks at together, of each.
    const values = Float64Array.from({ length: 4096 }, (_, i) =>
      i < 2048 ? Number.MAX_VALUE : -Number.MAX_VALUE,
    );
    await client.send('AI.TENSORSET', 'k', 'DOUBLE', values.length, 'BLOB', new Uint8Array(values.buffer));
    const told = await statistics('k');
    assert.ok(Math.abs(number(told.get('mean'))) < Number.MAX_VALUE * 1e-12);
    assert.equal(plain(told.get('standard_deviation')!), 'inf');
  });

  it('are doubles over RESP3', async () => {
    const other = await server.client();
    await other.send('HELLO', 3);
    await other.send('AI.TENSORSET', 'k', 'FLOAT', 2, 'VALUES', 1, 4);
    const told = byName(await other.send('TENSOR.STATISTICS', 'k'));
    assert.deepEqual([told.get('min'), told.get('mean'), told.get('max')], [1, 2.5, 4]);
  });
});
