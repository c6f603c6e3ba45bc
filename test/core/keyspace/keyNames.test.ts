import assert from 'node:assert/strict';
import { KeyNames } from '../../../src/core/keyspace/names/keyNames';
import { plainGrouping } from '../../../src/core/keyspace/tree/keyGrammar';
import type { KeyFolder, KeyRow } from '../../../src/core/keyspace/tree/keyRow';
import { rowsOf } from '../../../src/core/keyspace/tree/rowsOf';
import { random } from '../../support/random';
import { bytes, text } from './wholeTree';

/** Where the rows of the root part: what they begin with, without counts, which may be too high before all is merged. */
function groupsOf(names: KeyNames): string[] {
  return pageOf(names, { kind: 'root' }).map(({ label }) => text(label));
}

/** Rows of the root and of the folders in there. */
function shapesOf(names: KeyNames): string[][] {
  const rows = pageOf(names, { kind: 'root' });
  return [
    rows.map(({ label }) => text(label)),
    ...rows.flatMap((row) =>
      row.kind === 'folder' ? [pageOf(names, row.folder).map(({ label }) => text(label))] : [],
    ),
  ];
}

function pageOf(names: KeyNames, folder: KeyFolder): readonly KeyRow[] {
  return rowsOf(names, folder, { from: 0, most: 1000 }, plainGrouping).rows;
}

function settled(known: Iterable<string>): KeyNames {
  const names = new KeyNames();
  for (const name of known) names.add(bytes(name));
  names.settle();
  return names;
}

describe('KeyNames', () => {
  it('keeps names of any bytes and lengths, each once, in the order of their bytes', () => {
    const next = random(3);
    const names = new KeyNames();
    const known = new Set<string>();
    const lengths = [
      0, 1, 2, 3, 4, 63, 64, 65, 127, 128, 16_383, 16_384, 262_143, 262_144, 1_048_575, 1_048_576, 3_000_000,
    ];
    for (let round = 0; round < 150; round++) {
      const length = lengths[round % lengths.length]!;
      const name = new Uint8Array(length).map((_, at) => at % 16);
      for (let changed = 0; changed < 3 && length > 0; changed++)
        name[Math.floor(next() * length)] = [0, 0x7f, 0x80, 0xff][Math.floor(next() * 4)]!;
      known.add(text(name));
      names.add(name);
      if (round % 7 === 0) names.add(name);
    }
    names.settle();
    const sorted = [...known].sort();
    assert.equal(names.count, sorted.length);
    for (const [place, name] of sorted.entries())
      assert.ok(text(names.nameAt(place)) === name, `place ${place}`);
  });

  it('sorts many names as they come, in slices, and takes some out meanwhile', () => {
    const next = random(5);
    const names = new KeyNames();
    const known = new Set<string>();
    let slices = 0;
    for (let page = 0; page < 200; page++) {
      const added = Array.from(
        { length: 1000 },
        () => `exp_${Math.floor(next() * 3)}.step_${Math.floor(next() * 3e5)}`,
      );
      const joined = bytes(added.join(''));
      let at = 0;
      for (const name of added) {
        known.add(name);
        names.add(joined, at, (at += name.length));
      }
      if (!names.tidySome(0)) slices++;
      const gone = added[Math.floor(next() * added.length)]!;
      assert.equal(names.remove([bytes(gone)]), known.delete(gone));
    }
    while (!names.settleSome(0)) {
      slices++;
      const gone = [...known].at(-slices)!;
      assert.equal(names.remove([bytes(gone)]), known.delete(gone));
    }
    assert.ok(slices > 50);
    assert.equal(names.count, known.size);
    for (const [place, name] of [...known].sort().entries()) assert.equal(text(names.nameAt(place)), name);
  });

  it('keeps the order and the groups of names that share their first hundreds of bytes', () => {
    const next = random(11);
    const names = new KeyNames();
    const known = new Set<string>();
    for (let number = 0; number < 40_000; number++) {
      const long = ['x'.repeat(253), 'x'.repeat(254), 'x'.repeat(300), 'y'.repeat(600)];
      const name = `${long[number % 4]!}${'z'.repeat(Math.floor(next() * 4))}.${Math.floor(next() * 5000)}`;
      known.add(name);
      names.add(bytes(name));
      if (number % 1000 === 0) names.tidySome(0);
    }
    assert.ok(names.runs.length > 2);
    assert.deepEqual(groupsOf(names), groupsOf(settled(known)));
    while (!names.settleSome(0));
    assert.deepEqual(groupsOf(names), groupsOf(settled(known)));
    assert.equal(names.count, known.size);
    for (const [place, name] of [...known].sort().entries())
      assert.ok(text(names.nameAt(place)) === name, `place ${place}`);
  });

  it('takes out many names at once, also while they are merged', () => {
    const next = random(12);
    const names = new KeyNames();
    const known = new Set<string>();
    for (let number = 0; number < 30_000; number++) {
      const name = `exp_${number % 3}.step_${Math.floor(next() * 10_000)}.u${number % 2}`;
      known.add(name);
      names.add(bytes(name));
    }
    const takeOut = (gone: readonly string[]): void => {
      assert.equal(
        names.remove(gone.map(bytes)),
        gone.some((name) => known.has(name)),
      );
      for (const name of gone) known.delete(name);
      assert.deepEqual(shapesOf(names), shapesOf(settled(known)));
    };
    names.settleSome(0);
    // Whole pages of a run, single names of all pages, one twice, none that is there.
    takeOut([...known].filter((name) => name.startsWith('exp_1.step_1')));
    takeOut([...known].filter(() => next() < 0.2));
    takeOut(['exp_0.step_1.u0', 'exp_0.step_1.u0', 'exp_2.step_20.u0']);
    takeOut(['exp_3', '']);
    while (!names.settleSome(0)) takeOut([...known].filter(() => next() < 0.01));
    takeOut([...known].filter((name) => name.startsWith('exp_0')));
    takeOut([...known].filter(() => next() < 0.2));
    assert.equal(names.count, known.size);
    for (const [place, name] of [...known].sort().entries()) assert.equal(text(names.nameAt(place)), name);
  });

  it('knows where a group begins whose first name was the last one of a page', () => {
    const names = new KeyNames();
    for (let number = 0; number < 8191; number++) names.add(bytes(`a.${String(number).padStart(4, '0')}`));
    for (const name of ['b.0', 'b.1', 'b.2']) names.add(bytes(name));
    names.settle();
    names.remove([bytes('b.0')]);
    assert.deepEqual(groupsOf(names), ['a.', 'b.']);
  });

  it('sorts what is made to be slow to sort', () => {
    const names = new KeyNames();
    const count = 16_384;
    // Ever the same three bytes first, rising and falling, and all the same name.
    for (let number = 0; number < count; number++) {
      names.add(bytes(`aaa${'b'.repeat(number % 50)}`));
      names.add(bytes(String(number).padStart(6, '0')));
      names.add(bytes(String(count - number).padStart(6, '0')));
    }
    names.settle();
    assert.equal(names.count, 50 + count + 1);
  });

  it('is full at its limit, keeps what it has, and is never complete then', () => {
    const names = new KeyNames(4 * 1024 ** 2);
    names.setWhole(true);
    for (let number = 0; !names.full && number < 1e6; number++)
      names.add(bytes(`name_${String(number).padStart(40, '0')}`));
    names.settle();
    assert.ok(names.full);
    assert.ok(names.count > 70_000 && names.bytes < 7 * 1024 ** 2, `${names.count} in ${names.bytes}`);
    assert.equal(names.complete, false);
    assert.equal(text(names.nameAt(0)), `name_${'0'.repeat(40)}`);
  });

  it('is complete when no name is missing and all are in one order', () => {
    const names = new KeyNames();
    names.add(bytes('a'));
    assert.equal(names.complete, false);
    names.setWhole(true);
    assert.equal(names.complete, false);
    names.settle();
    assert.equal(names.complete, true);
    names.add(bytes('b'));
    assert.equal(names.complete, false);
  });
});
