import assert from 'node:assert/strict';
import { csvBytes } from '../../../src/core/tensor/csvFile';
import { elementValues, nestValues } from '../../../src/core/tensor/elementValues';
import type { TensorType } from '../../../src/core/tensor/tensorType';
import { random } from '../../support/random';
import { bytesOf, bytesOfStrings } from '../../support/tensors';

async function csv(type: TensorType, shape: readonly number[], data: Uint8Array, cut = 8): Promise<string> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(data.subarray(0, cut));
    yield data.subarray(cut);
  }
  let text = '';
  for await (const bytes of csvBytes({ type, shape, chunks: chunks() }))
    text += Buffer.from(bytes).toString();
  return text;
}

describe('CSV files', () => {
  const numbers = bytesOf(Int16Array.from({ length: 12 }, (_, index) => index - 3));

  it('have a row of a matrix a line, an element of a vector a line, and indices before the rest', async () => {
    assert.equal(await csv('INT16', [3, 4], numbers), '-3,-2,-1,0\n1,2,3,4\n5,6,7,8\n');
    assert.equal(await csv('INT16', [4], numbers.subarray(0, 8)), '-3\n-2\n-1\n0\n');
    assert.equal(await csv('INT16', [], numbers.subarray(0, 2), 2), '-3\n');
    assert.equal(await csv('INT16', [2, 2, 3], numbers), '0,0,-3,-2,-1\n0,1,0,1,2\n1,0,3,4,5\n1,1,6,7,8\n');
  });

  it('have texts in quotes where they need them', async () => {
    const texts = bytesOfStrings(['a', 'b,c', 'say "x"', 'two\nlines', '', 'grüße']);
    assert.equal(
      await csv('STRING', [2, 3], texts, texts.length),
      'a,"b,c","say ""x"""\n"two\nlines",,grüße\n',
    );
  });

  it('have all that numbers are', async () => {
    const odd = bytesOf(Float64Array.of(NaN, Infinity, -Infinity, -0, 0.1, 5e-324));
    assert.equal(await csv('DOUBLE', [6], odd), 'NaN\nInfinity\n-Infinity\n-0\n0.1\n5e-324\n');
    assert.equal(await csv('FLOAT', [2], bytesOf(Float32Array.of(0.1, 16777217.5))), '0.1\n16777218\n');
    assert.equal(await csv('INT64', [1], bytesOf(BigInt64Array.of(-(2n ** 63n)))), '-9223372036854775808\n');
    assert.equal(await csv('BOOL', [2], Uint8Array.of(1, 0)), '1\n0\n');
  });

  it('have floats that are read back bit by bit', async () => {
    const next = random(9);
    const bits = Uint32Array.from({ length: 100_000 }, () => next() * 2 ** 32);
    const floats = new Float32Array(bits.buffer);
    const lines = (await csv('FLOAT', [floats.length], bytesOf(bits))).trimEnd().split('\n');
    for (const [index, line] of lines.entries())
      assert.ok(Object.is(Math.fround(Number(line)), floats[index]), line);
    assert.equal(lines.length, floats.length);
  });
});

describe('values for JSON', () => {
  it('are nested as the shape says, and texts where JSON has no such number', () => {
    const values = elementValues('INT64', bytesOf(BigInt64Array.of(1n, 2n, 3n, -(2n ** 63n))));
    assert.deepEqual(nestValues(values, [2, 2]), [
      ['1', '2'],
      ['3', '-9223372036854775808'],
    ]);
    assert.deepEqual(nestValues([7], []), 7);
    assert.deepEqual(nestValues([1, 2, 3, 4, 5, 6], [1, 3, 2]), [
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    ]);
    assert.deepEqual(elementValues('BOOL', Uint8Array.of(1, 0)), [true, false]);
    assert.deepEqual(elementValues('DOUBLE', bytesOf(Float64Array.of(NaN, 1.5))), ['NaN', 1.5]);
  });
});
