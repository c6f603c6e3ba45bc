import assert from 'node:assert/strict';
import { messageOf } from '../../../src/core/base/problem';
import {
  cornerOf,
  elementNumbers,
  formatSelection,
  matricesOf,
  partsOf,
  selectedCount,
  selectedShape,
  selectionOf,
  takesAll,
  type Selection,
} from '../../../src/core/tensor/selection';
import { parseSlice } from '../../../src/core/tensor/sliceText';
import { random } from '../../support/random';

/** What the text selects of a tensor of this shape, or why nothing. */
function select(text: string, shape: readonly number[]): Selection | string {
  const slice = parseSlice(text);
  return slice.ok ? selectionOf(slice.value, shape) : slice.problems.map(messageOf).join();
}

function selected(text: string, shape: readonly number[]): Selection {
  const selection = select(text, shape);
  assert.ok(typeof selection !== 'string', `${text}: ${JSON.stringify(selection)}`);
  return selection;
}

describe('a slice', () => {
  /** What Python gives for `list(range(10))[…]`. */
  const ofTen: readonly (readonly [slice: string, elements: string])[] = [
    [':', '0123456789'],
    ['3', '3'],
    ['-3', '7'],
    ['2:5', '234'],
    ['-3:', '789'],
    [':-8', '01'],
    ['::4', '048'],
    ['1:9:3', '147'],
    ['::-1', '9876543210'],
    ['::-4', '951'],
    ['7:2:-2', '753'],
    ['-2:-5:-1', '876'],
    ['4::-3', '41'],
    [':6:-1', '987'],
    ['-100:3', '012'],
    ['8:100', '89'],
    ['100::-5', '94'],
    ['+1:+3:+1', '12'],
    [' 2 : 4 ', '23'],
    ['...', '0123456789'],
  ];
  for (const [slice, elements] of ofTen)
    it(`${slice} takes what Python takes`, () => {
      assert.equal([...elementNumbers(selected(`[${slice}]`, [10]))].join(''), elements);
      assert.equal([...elementNumbers(selected(slice, [10]))].join(''), elements, 'without brackets');
    });

  it('takes of several dimensions what numpy takes', () => {
    // numpy: np.arange(24).reshape(2, 3, 4)[…]
    const shape = [2, 3, 4];
    for (const [slice, elements, left] of [
      ['[1]', [12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23], [3, 4]],
      ['[0, :, ::2]', [0, 2, 4, 6, 8, 10], [3, 2]],
      ['[..., 0]', [0, 4, 8, 12, 16, 20], [2, 3]],
      ['[1, ..., -1]', [15, 19, 23], [3]],
      ['[::-1, 1:2, 3]', [19, 7], [2, 1]],
      ['[0, 0, 0]', [0], []],
      ['[1, 2, ::-2,]', [23, 21], [2]],
    ] as const) {
      const selection = selected(slice, shape);
      assert.deepEqual([...elementNumbers(selection)], elements, slice);
      assert.deepEqual(selectedShape(selection), left, slice);
    }
    assert.deepEqual([...elementNumbers(selected('...', []))], [0]);
  });

  it('says why it is none', () => {
    for (const [slice, words] of [
      ['[a]', /\[a\] is no slice: "a" is neither a number, nor a range/],
      ['[1:2:3:4]', /"1:2:3:4" is neither/],
      ['[1.5]', /"1\.5" is neither/],
      ['[1,,2]', /"" is neither/],
      ['[]', /"" is neither/],
      ['[9999999999999999999]', /"9999999999999999999" is neither/],
      ['[::0]', /the step of "::0" is 0/],
      ['[..., ...]', /"\.\.\." may stand in it once/],
      ['[5]', /dimension 0 has no index 5, only -5 to 4/],
      ['[-6]', /dimension 0 has no index -6/],
      ['[3:3]', /takes nothing of dimension 0, which has the length 5/],
      ['[2:4:-1]', /takes nothing of dimension 0/],
      ['[0, 0]', /it names 2 dimensions, and the tensor has 1/],
    ] as const) {
      const refusal = select(slice, [5]);
      assert.ok(typeof refusal === 'string', slice);
      assert.match(refusal, words);
    }
  });

  it('is written so that it means the same again, in parts that make up the whole', () => {
    const next = random(5);
    const below = (limit: number): number => Math.floor(next() * limit);
    const bound = (length: number): string =>
      below(3) === 0 ? '' : String(below(2 * length + 2) - length - 1);
    let taken = 0;
    for (let round = 0; round < 3000; round++) {
      const shape = Array.from({ length: below(5) }, () => 1 + below(6));
      const words = shape.map((length) =>
        below(4) === 0
          ? String(below(2 * length) - length)
          : `${bound(length)}:${bound(length)}:${['', 1, 2, 5, -1, -2][below(6)] ?? ''}`,
      );
      const text = words.length === 0 ? '...' : words.join();
      const selection = select(text, shape);
      if (typeof selection === 'string') continue;
      taken += 1;
      const told = `${text} of ${shape.join()}`;
      const numbers = [...elementNumbers(selection)];
      assert.equal(numbers.length, selectedCount(selection), told);
      assert.deepEqual([...elementNumbers(selected(formatSelection(selection), shape))], numbers, told);
      assert.deepEqual(selectedShape(selected(formatSelection(selection), shape)), selectedShape(selection));
      const most = 1 + below(30);
      const parts = [...partsOf(selection, most)];
      assert.deepEqual(
        parts.flatMap((part) => [...elementNumbers(part)]),
        numbers,
        `${told} by ${most}`,
      );
      assert.ok(
        parts.every((part) => selectedCount(part) <= most),
        told,
      );
      assert.deepEqual(
        matricesOf(selection).flatMap((part) => [...elementNumbers(part)]),
        numbers,
        told,
      );
      const ascending = numbers.every((number, index) => number === index);
      assert.equal(
        takesAll(selection),
        ascending && numbers.length === shape.reduce((a, b) => a * b, 1),
        told,
      );
    }
    assert.ok(taken > 1000);
  });

  it('has a corner of which all dimensions have about the same', () => {
    assert.equal(formatSelection(cornerOf(selected('...', [100, 200]), 64)), '[:8, :8]');
    assert.equal(formatSelection(cornerOf(selected('...', [1000]), 64)), '[:64]');
    assert.equal(formatSelection(cornerOf(selected('...', [3, 1000]), 64)), '[:, :21]');
    assert.equal(formatSelection(cornerOf(selected('5, ::-2, 7:', [10, 100, 100]), 64)), '[5, :84:-2, 7:15]');
  });
});
