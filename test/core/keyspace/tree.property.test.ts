import assert from 'node:assert/strict';
import { KeyNames } from '../../../src/core/keyspace/names/keyNames';
import { random } from '../../support/random';
import { keysOf, naiveTree } from './naiveTree';
import { allKeys, bytes, foldersOf, inOrder, text, wholeTree } from './wholeTree';

const shardPrefixes = ['\0\0', '8M', '\xed\xeb'];
const pieces = [
  ...['a', 'b', 'net', 'step_1', 'step_10', '\0', '\xff', '\xe2\x80\xae', '007', '\n'],
  ...[
    '.',
    '.',
    ':',
    '/',
    '{',
    '}',
    '{}',
    '}.',
    '{ds}',
    '{a.b}',
    'x{ds}.',
    '{ds}.',
    '{ds}.meta',
    '.meta',
    'meta',
  ],
  ...['.GPU:0', '.GPU:1', '.GPU:12', '.GPU:1234', '.GPU:', 'GPU:7', ':3', '.TMP', 'net.GPU:', '.GPU:.GPU:1'],
  ...['{8M}.', '{8M}.net', '{\0\0}.', '{\0\0}.net', '{\xed\xeb}.', '{8M}.meta'],
];

describe('the tree of keys', function () {
  this.timeout(120_000);

  for (let seed = 1; seed <= 60; seed++)
    it(`shows a keyspace as the naive one does, while it comes in and changes (seed ${seed})`, () => {
      const next = random(seed);
      const rules = {
        delimiters: ['.:/', '.', ':', '/', ''][Math.floor(next() * 5)]!,
        shardPrefixes: next() < 0.5 ? [] : shardPrefixes.slice(0, 1 + Math.floor(next() * 3)),
      };
      const grouping = {
        delimiters: bytes(rules.delimiters),
        shardPrefixes: rules.shardPrefixes.map(bytes),
      };
      const keys = new Set<string>();
      const names = new KeyNames();
      const size = seed % 10 === 0 ? 4000 : 5 + Math.floor(next() * 300);
      const most = seed % 10 === 0 ? 97 : 1 + Math.floor(next() * 20);
      const check = (exact: boolean): void => {
        const wanted = inOrder(naiveTree(keys, rules));
        assert.deepEqual(inOrder(wholeTree(names, grouping, { most, exact })), wanted);
        assert.deepEqual(wanted.flatMap(keysOf).sort(), [...keys].sort());
        for (const folder of foldersOf(names, grouping)) {
          const below = wholeTree(names, grouping, { most, exact }, folder).flatMap(keysOf);
          const own = folder.kind === 'dataset' ? [`${text(folder.prefix)}meta`] : [];
          assert.deepEqual(
            allKeys(names, grouping, most, folder),
            [...own, ...below].sort(),
            JSON.stringify(folder),
          );
        }
      };
      for (let round = 0; round < 4; round++) {
        for (let added = 0; added < size / 4; added++) {
          const key = seed % 10 === 0 && next() < 0.5 ? `flat_${Math.floor(next() * 1e6)}` : nameOf(next);
          keys.add(key);
          // A scan may give a name twice.
          for (let times = next() < 0.2 ? 2 : 1; times > 0; times--) names.add(bytes(key));
          if (next() < 0.05) names.settleSome(0);
          // Whoever looks makes a run of its own of what came since.
          if (next() < 0.05) assert.ok(names.count >= keys.size);
          if (next() < 0.1) {
            const gone = [...keys][Math.floor(next() * keys.size)]!;
            keys.delete(gone);
            assert.equal(names.remove([bytes(gone)]), true);
            assert.equal(names.remove([bytes(gone)]), false);
          }
        }
        if (size < 1000) check(false);
      }
      while (!names.settleSome(0));
      assert.equal(names.count, keys.size);
      check(true);
    });
});

function nameOf(next: () => number): string {
  return Array.from(
    { length: Math.floor(next() * 6) },
    () => pieces[Math.floor(next() * pieces.length)]!,
  ).join('');
}
