import assert from 'node:assert/strict';
import { KeyNames } from '../../../src/core/keyspace/names/keyNames';
import { random } from '../../support/random';
import { bytes, text } from './wholeTree';

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
      assert.equal(names.remove(bytes(gone)), known.delete(gone));
    }
    while (!names.settleSome(0)) {
      slices++;
      const gone = [...known].at(-slices)!;
      assert.equal(names.remove(bytes(gone)), known.delete(gone));
    }
    assert.ok(slices > 50);
    assert.equal(names.count, known.size);
    for (const [place, name] of [...known].sort().entries()) assert.equal(text(names.nameAt(place)), name);
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
