import assert from 'node:assert/strict';
import { decodeMetadata } from '../../../src/core/value/metadata/decodeMetadata';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

function told(hex: string): unknown {
  const field = decodeMetadata(bytes(hex));
  if (typeof field === 'string') return field;
  return [
    field.type,
    ...field.values.map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString() : value)),
  ];
}

describe('a field of the metadata of a dataset', () => {
  for (const [hex, expected] of [
    ['01 000000000000f83f', ['DOUBLE', 1.5]],
    ['02 0000c03f', ['FLOAT', 1.5]],
    ['03 ffffffff 07000000', ['INT32', -1, 7]],
    ['04 0100000000000000 0200000000000000', ['INT64', '1', '2']],
    ['04 ffffffffffffff7f', ['INT64', '9223372036854775807']],
    ['05 05000000', ['UINT32', 5]],
    ['06 0600000000000000', ['UINT64', '6']],
    ['06 ffffffffffffffff', ['UINT64', '18446744073709551615']],
    ['07 0300000000000000 616263 0200000000000000 c3a9', ['STRING', 'abc', 'é']],
    ['07 0000000000000000', ['STRING', '']],
    ['01', ['DOUBLE']],
    ['01 000000000000f87f', ['DOUBLE', 'NaN']],
    ['01 0000000000000080', ['DOUBLE', -0]],
    ['02 cdcccc3d', ['FLOAT', 0.1]],
  ] as const)
    it(`is read from ${hex}`, () => {
      assert.deepEqual(told(hex), expected);
    });

  for (const [hex, reason] of [
    ['', /not even its type/],
    ['00 00', /type 0/],
    ['08 00', /type 8/],
    ['ff', /type 255/],
    ['01 0000', /2 bytes of DOUBLE/],
    ['03 0000000000', /5 bytes of INT32/],
    ['07 01', /text 0 ends within its length/],
    ['07 0400000000000000 616263', /says that it has 4 bytes, and 3 follow/],
    ['07 ffffffffffffffff 61', /18446744073709551615 bytes/],
    ['07 0000000000000000 09', /text 1 ends/],
  ] as const)
    it(`is none where it is ${hex === '' ? 'empty' : hex}, and it is said why`, () => {
      assert.match(String(told(hex)), reason);
    });

  it('is read or refused whatever its bytes, wherever it lies in memory', () => {
    for (let seed = 1; seed < 3000; seed += 1) {
      const memory = new Uint8Array(48).map((_, at) => (at * seed * 31 + (seed >> 3)) & 0xff);
      decodeMetadata(memory.subarray(seed % 9, (seed % 9) + (seed % 39)));
    }
  });
});
