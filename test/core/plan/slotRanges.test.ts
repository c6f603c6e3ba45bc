import assert from 'node:assert/strict';
import { slotRanges, slotsInWords, slotsWithout } from '../../../src/core/plan/slotRanges';

describe('slotRanges', () => {
  it('gives the lower slots that SmartRedis clients expect of a cluster made by redis-cli', () => {
    const lower = (shards: number): readonly number[] => slotRanges(shards).map(([from]) => from);
    assert.deepEqual(lower(3), [0, 5461, 10923]);
    assert.deepEqual(lower(5), [0, 3277, 6554, 9830, 13107]);
    assert.deepEqual(lower(7), [0, 2341, 4681, 7022, 9362, 11703, 14043]);
    assert.deepEqual(lower(8), [0, 2048, 4096, 6144, 8192, 10240, 12288, 14336]);
  });

  it('covers every slot once, whatever the number of shards', () => {
    for (let shards = 1; shards <= 64; shards++) {
      let next = 0;
      for (const [from, to] of slotRanges(shards)) {
        assert.equal(from, next);
        next = to + 1;
      }
      assert.equal(next, 16_384, `${shards} shards`);
    }
  });
});

describe('slotsWithout', () => {
  it('leaves what no other range covers', () => {
    assert.deepEqual(slotsWithout([[0, 9]], []), [[0, 9]]);
    assert.deepEqual(slotsWithout([[0, 9]], [[0, 9]]), []);
    assert.deepEqual(slotsWithout([[0, 9]], [[3, 4]]), [
      [0, 2],
      [5, 9],
    ]);
    assert.deepEqual(
      slotsWithout(
        [
          [0, 9],
          [20, 29],
        ],
        [
          [5, 24],
          [29, 40],
        ],
      ),
      [
        [0, 4],
        [25, 28],
      ],
    );
  });

  it('agrees with counting slot by slot', () => {
    const slotsOf = (ranges: readonly (readonly [number, number])[]): ReadonlySet<number> =>
      new Set(
        ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index)),
      );
    for (let seed = 1; seed < 200; seed++) {
      const numbers = Array.from({ length: 6 }, (_, index) => (seed * (index + 3) * 7919) % 60).sort(
        (a, b) => a - b,
      );
      const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = numbers;
      const others = [
        [b, c],
        [d, f],
      ] as const;
      const kept = slotsOf([[a, e]]);
      const expected = [...kept].filter((slot) => !slotsOf(others).has(slot));
      assert.deepEqual([...slotsOf(slotsWithout([[a, e]], others))], expected);
    }
  });
});

describe('slotsInWords', () => {
  it('names ranges and single slots', () => {
    assert.equal(
      slotsInWords([
        [0, 5460],
        [7, 7],
      ]),
      '0-5460, 7',
    );
  });
});
