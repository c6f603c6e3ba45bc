import assert from 'node:assert/strict';
import { describeTensor, renderView, viewToJson } from '../../../src/cli/render/tensor';
import type { ElementValue } from '../../../src/core/tensor/elementValues';
import { selectionOf } from '../../../src/core/tensor/selection';
import { parseSlice } from '../../../src/core/tensor/sliceText';
import type { TensorType } from '../../../src/core/tensor/tensorType';
import type { TensorView } from '../../../src/core/tensor/viewTensor';

const place = { run: 'r', orchestrator: 'orchestrator', shard: 'orchestrator_0' };

/** What is shown of a slice of a tensor, whose values are these. */
function viewOf(
  type: TensorType,
  shape: readonly number[],
  slice: string,
  values: readonly ElementValue[],
  more: Partial<TensorView> = {},
): TensorView {
  const parsed = parseSlice(slice);
  assert.ok(parsed.ok);
  const shown = selectionOf(parsed.value, shape);
  assert.ok(typeof shown !== 'string');
  return { type, shape, shown, partial: false, values, ...more };
}

function textOf(view: TensorView, key = 'k'): string {
  return renderView(describeTensor(place, new TextEncoder().encode(key), view), view);
}

describe('a tensor for people', () => {
  const statistics = {
    count: 6,
    nans: 1,
    positiveInfinities: 0,
    negativeInfinities: 2,
    min: -1,
    max: 2.123456789,
    mean: 0.5,
    standardDeviation: 0.25,
  };

  it('is what it is, its statistics, and its values below each other', () => {
    const view = viewOf('DOUBLE', [2, 3], '...', [-1, 0.1, 2.123456789, 'NaN', '-Infinity', 1e-7], {
      statistics,
    });
    assert.equal(
      textOf(view),
      `k: DOUBLE 2 × 3, 48 bytes, in orchestrator_0
min -1, max 2.1234568, mean 0.5, standard deviation 0.25, 1 × NaN, 2 × -Infinity
         -1        0.1  2.1234568
        NaN  -Infinity       1e-7
`,
    );
  });

  it('is matrix by matrix where it has more dimensions, each with the slice that it is', () => {
    assert.equal(
      textOf(viewOf('INT8', [4, 2, 2], '[::-3]', [1, 2, 3, 4, 5, 6, 7, 8])),
      `k: INT8 4 × 2 × 2, 16 bytes, in orchestrator_0
[::-3, :, :]: 8 of 16 elements

[3, :, :]
  1  2
  3  4

[0, :, :]
  5  6
  7  8
`,
    );
  });

  it('says where it is a part', () => {
    assert.equal(
      textOf(viewOf('BOOL', [1000], '[:2]', [true, false], { partial: true })),
      `k: BOOL 1000, 1000 bytes, in orchestrator_0
[:2]: 2 of 1000 elements
   true  false
This is a part: \`--slice\` shows another, \`--out FILE.npy\` or \`--out FILE.csv\` writes everything.
`,
    );
  });

  it('goes on below where a row is too long', () => {
    const lines = textOf(
      viewOf(
        'INT32',
        [40],
        '...',
        Array.from({ length: 40 }, (_, at) => at),
      ),
    ).split('\n');
    assert.deepEqual(
      lines.slice(1).map((line) => line.trim().split(/ +/).length),
      [24, 16, 1],
    );
    assert.ok(lines.every((line) => line.length <= 100));
    assert.match(lines[2]!, /^ {4}/);
  });

  it('lets no key and no text play with the terminal', () => {
    const text = textOf(viewOf('STRING', [2], '...', ['\u001b[2J"\n', 'x'.repeat(70)]), '\u001b]0;x\u0007');
    assert.equal(
      text,
      String.raw`\x1b]0;x\x07: STRING 2, in orchestrator_0
                                                  "\u001b[2J\"\n"
    "${'x'.repeat(60)}…"
`,
    );
  });

  it('is told when nothing of it is finite, and what is a scalar', () => {
    const nothing = { ...statistics, min: null, max: null, mean: null, standardDeviation: null };
    assert.equal(
      textOf(viewOf('FLOAT', [], '...', ['NaN'], { statistics: nothing })),
      'k: FLOAT scalar, 4 bytes, in orchestrator_0\nnothing finite, 1 × NaN, 2 × -Infinity\n  NaN\n',
    );
  });
});

describe('a tensor for programs', () => {
  it('has its key as bytes, and its values nested', () => {
    const view = viewOf('INT64', [2, 2], '[1]', ['3', '4'], { version: 7n });
    assert.deepEqual(viewToJson(describeTensor(place, Uint8Array.of(0x61, 0xff), view), view), {
      name: String.raw`a\xff`,
      key: 'Yf8=',
      dtype: 'INT64',
      shape: [2, 2],
      bytes: 32,
      ...place,
      slice: '[1, :]',
      partial: false,
      statistics: null,
      values: ['3', '4'],
    });
  });
});
