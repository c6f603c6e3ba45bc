import assert from 'node:assert/strict';
import { utf8 } from '../../../src/core/base/bytes';
import { KeyNames } from '../../../src/core/keyspace/names/keyNames';
import { matchGlob, matchText } from '../../../src/core/keyspace/names/nameMatch';
import { plainGrouping } from '../../../src/core/keyspace/tree/keyGrammar';
import { rowsOf } from '../../../src/core/keyspace/tree/rowsOf';
import { random } from '../../support/random';
import { bytes, text } from './wholeTree';

describe('matchGlob', () => {
  it('is done with stars on a name of a mebibyte at once', () => {
    const name = new Uint8Array(1024 ** 2).fill(0x61);
    assert.equal(matchGlob(utf8(`${'*a'.repeat(50)}*b`))(name), false);
    assert.equal(matchGlob(utf8(`${'*a'.repeat(50)}*`))(name), true);
  });
});

describe('matchText', () => {
  it('finds a text wherever it is, and minds capital letters only where it has some', () => {
    const found = (wanted: string, name: string): boolean => matchText(utf8(wanted))(utf8(name));
    assert.deepEqual(
      [found('temp', 'Surface_TEMP'), found('Temp', 'Surface_TEMP'), found('Temp', 'xTemp'), found('', '')],
      [true, false, true, true],
    );
    assert.deepEqual(
      [found('aab', 'aaab'), found('é', 'É'), found('abc', 'ab'), found('z', '')],
      [true, false, false, false],
    );
  });
});

describe('names that are looked for', () => {
  for (let seed = 1; seed <= 20; seed++)
    it(`are found while names come, go and are put in order (seed ${seed})`, () => {
      const next = random(seed);
      const names = new KeyNames();
      const known = new Set<string>();
      const matches = matchGlob(utf8('*7*'));
      let filter = names.filter(matches);
      for (let round = 0; round < 6000; round++) {
        const name = `key_${Math.floor(next() * 4000)}`;
        if (next() < 0.3) {
          assert.equal(names.remove([bytes(name)]), known.delete(name));
        } else if (next() < 0.1) {
          names.rename(bytes(name), bytes(`${name}_new`));
          if (known.delete(name)) known.add(`${name}_new`);
        } else {
          names.add(bytes(name));
          known.add(name);
        }
        if (next() < 0.01) filter.findSome(0);
        if (next() < 0.01) names.settleSome(0);
        if (next() < 0.01) names.tidySome(0);
        if (next() < 0.001) {
          filter.dispose();
          filter = names.filter(matches);
        }
      }
      while (!names.settleSome(0));
      assert.equal(filter.complete, false);
      names.setWhole(true);
      while (!filter.findSome(0));
      assert.equal(filter.complete, true);
      assert.deepEqual([names.count, filter.left], [known.size, 0]);
      const [run] = filter.runs;
      const found = Array.from({ length: filter.count }, (_, place) => text(run!.nameAt(place)));
      assert.deepEqual(found, [...known].filter((name) => name.includes('7')).sort());
    });

  it('are found as soon as they are there, though few, and one of a mebibyte at a time', () => {
    const names = new KeyNames();
    const filter = names.filter(matchText(utf8('a')));
    for (const name of ['a', 'b', 'ab']) names.add(utf8(name));
    assert.ok(filter.findSome(1000));
    assert.deepEqual([filter.count, filter.left], [2, 0]);
    for (let number = 0; number < 4; number++) names.add(new Uint8Array(1024 ** 2).fill(0x62 + number));
    assert.equal(filter.findSome(0), false);
    assert.equal(filter.left, 3);
  });

  it('show a tensor below its dataset, though the metadata are not looked for', () => {
    const names = new KeyNames();
    for (const name of ['{ds}.meta', '{ds}.pressure', '{ds}.u', 'pressure']) names.add(utf8(name));
    const filter = names.filter(matchText(utf8('pressure')));
    while (!filter.findSome(1));
    const { rows } = rowsOf(filter, { kind: 'root' }, { from: 0, most: 9 }, plainGrouping);
    assert.deepEqual(
      rows.map((row) => [row.kind, row.kind === 'dataset' ? row.tensors : 0]),
      [
        ['key', 0],
        ['dataset', 1],
      ],
    );
  });
});
