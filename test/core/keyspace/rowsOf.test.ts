import assert from 'node:assert/strict';
import { joinBytes, utf8 } from '../../../src/core/base/bytes';
import { KeyNames } from '../../../src/core/keyspace/names/keyNames';
import type { NameRun, SortedNames } from '../../../src/core/keyspace/names/sortedNames';
import { plainGrouping, type KeyGrouping } from '../../../src/core/keyspace/tree/keyGrammar';
import type { KeyFolder, KeyRow } from '../../../src/core/keyspace/tree/keyRow';
import { rowsOf } from '../../../src/core/keyspace/tree/rowsOf';
import { shardPrefix } from '../../../src/core/keyspace/tree/shardPrefix';

const root: KeyFolder = { kind: 'root' };

describe('rowsOf', () => {
  it('tells AI models from leftovers by looking at each name once, however often rows are asked for', () => {
    const prefix = shardPrefix(0);
    const grouping = { ...plainGrouping, shardPrefixes: [prefix] };
    const below = (name: string): Uint8Array => joinBytes([utf8('{'), prefix, utf8(`}.${name}`)]);
    const names = new KeyNames();
    for (let number = 0; number < 20_000; number++) names.add(below(`in_${number}.TMP`));
    for (const name of ['net', 'zoo']) names.add(below(name));
    names.settle();
    let looks = 0;
    const [run] = names.runs;
    assert.ok(run);
    const counting: NameRun = {
      count: run.count,
      nameAt: (place) => {
        looks++;
        return run.nameAt(place);
      },
      compare: (place, bytes) => run.compare(place, bytes),
      compareStart: (place, bytes) => run.compareStart(place, bytes),
      endOfShared: (from, to, length) => run.endOfShared(from, to, length),
    };
    const watched: SortedNames = { runs: [counting], complete: false, knows: (name) => names.knows(name) };
    const rows = (folder: KeyFolder): readonly string[] =>
      rowsOf(watched, folder, { from: 0, most: 9 }, grouping).rows.map(line);
    assert.deepEqual(rows(root), ['folder aiModels (2)', 'folder leftovers (20000)']);
    assert.ok(looks >= 20_002);
    looks = 0;
    assert.deepEqual(rows(root), ['folder aiModels (2)', 'folder leftovers (20000)']);
    assert.deepEqual(rows({ kind: 'aiModels' }), ['model net (1)', 'model zoo (1)']);
    assert.ok(looks < 100, `${looks} looks`);
    names.remove([below('zoo'), below('in_7.TMP')]);
    assert.deepEqual(shown(names, root, grouping), ['folder aiModels (1)', 'folder leftovers (19999)']);
  });

  it('joins folders that hold nothing but another', () => {
    const names = namesOf('a.b.c.1', 'a.b.c.2', 'x');
    assert.deepEqual(shown(names), ['folder a.b.c. (2)', 'key x']);
    assert.deepEqual(shown(names, { kind: 'prefix', prefix: utf8('a.b.c.') }), ['key 1', 'key 2']);
  });

  it('makes a folder only for names that share it', () => {
    assert.deepEqual(shown(namesOf('a.b', 'c:d', 'c:e/f')), ['key a.b', 'folder c: (2)']);
  });

  it('shows a dataset as one row with its tensors below', () => {
    const names = namesOf('ens_1.{ds}.meta', 'ens_1.{ds}.p', 'ens_1.{ds}.u.x', 'ens_1.{ds}.u.y', 'ens_1.t');
    const folder: KeyFolder = { kind: 'prefix', prefix: utf8('ens_1.') };
    assert.deepEqual(shown(names), ['folder ens_1. (5)']);
    assert.deepEqual(shown(names, folder), ['key t', 'dataset {ds} (3)']);
    assert.deepEqual(shown(names, { kind: 'dataset', prefix: utf8('ens_1.{ds}.') }), [
      'key p',
      'key u.x',
      'key u.y',
    ]);
  });

  it('calls nothing a dataset that has no metadata', () => {
    assert.deepEqual(shown(namesOf('{ds}.p', '{ds}.q', '{single}.p')), [
      'folder {ds}. (2)',
      'key {single}.p',
    ]);
  });

  it('shows an AI model once, with its keys on devices', () => {
    const names = namesOf('net', 'net-2', 'net.GPU:0', 'net.GPU:1', 'net.GPU:x', 'net.other', 'alone.GPU:0');
    assert.deepEqual(shown(names), ['model alone (1)', 'model net (3)', 'key net-2', 'folder net. (2)']);
    assert.deepEqual(shown(names, { kind: 'prefix', prefix: utf8('net.') }), ['key GPU:x', 'key other']);
  });

  it('shows what lies on every shard once', () => {
    const grouping = { ...plainGrouping, shardPrefixes: [utf8('8M'), Uint8Array.of(0, 0)] };
    const names = namesOf('{8M}.net', '{\0\0}.net', '{8M}.net.GPU:0', '{8M}.x.TMP', '{8M}x', 'y');
    assert.deepEqual(shown(names, root, grouping), [
      'folder aiModels (3)',
      'folder leftovers (1)',
      'key y',
      'key {8M}x',
    ]);
    assert.deepEqual(shown(names, { kind: 'aiModels' }, grouping), ['model net (3)']);
    assert.deepEqual(shown(names, { kind: 'leftovers' }, grouping), ['key x.TMP']);
  });

  it('shows a dataset that bears the prefix of a shard as its name', () => {
    const grouping = { ...plainGrouping, shardPrefixes: [utf8('8M'), Uint8Array.of(0, 0)] };
    const names = namesOf('{8M}.net', '{\0\0}.net', '{8M}.meta', '{8M}.p');
    assert.deepEqual(shown(names, root, grouping), ['folder aiModels (2)', 'dataset {8M} (1)']);
    assert.deepEqual(shown(names, { kind: 'dataset', prefix: utf8('{8M}.') }, grouping), ['key p']);
  });

  it('gives no more names at once than some bytes, and goes on behind them', () => {
    const names = new KeyNames();
    const long = Array.from({ length: 20 }, (_, n) => {
      const name = new Uint8Array(1024 ** 2).fill(0x61);
      name.set(utf8(String(n).padStart(2, '0')), n % 2 === 0 ? 0 : 1000);
      return name;
    });
    for (const name of long) names.add(name);
    names.settle();
    const found: Uint8Array[] = [];
    for (let after: Uint8Array | undefined; ;) {
      const request = {
        from: 0,
        most: 200,
        mostBytes: 3 * 1024 ** 2,
        ...(after === undefined ? {} : { after }),
      };
      const { rows, next, order } = rowsOf(names, root, request, plainGrouping);
      assert.equal(order, 'bytes');
      assert.ok(rows.length <= 3, String(rows.length));
      for (const row of rows) if (row.kind === 'key') found.push(row.key);
      if (next === undefined) break;
      after = next;
    }
    assert.deepEqual(
      found,
      [...long].sort((a, b) => Buffer.compare(a, b)),
    );
  });

  it('counts as people do', () => {
    assert.deepEqual(shown(namesOf('step_10', 'step_9', 'step_09', 'step_')), [
      'key step_',
      'key step_09',
      'key step_9',
      'key step_10',
    ]);
  });
});

function namesOf(...texts: string[]): KeyNames {
  const names = new KeyNames();
  for (const text of texts) names.add(utf8(text));
  names.settle();
  return names;
}

function shown(names: KeyNames, folder: KeyFolder = root, grouping: KeyGrouping = plainGrouping): string[] {
  return rowsOf(names, folder, { from: 0, most: 100 }, grouping).rows.map(line);
}

function line(row: KeyRow): string {
  const label = Buffer.from(row.label).toString();
  switch (row.kind) {
    case 'folder':
      return `folder ${label || row.folder.kind} (${row.keys})`;
    case 'dataset':
      return `dataset ${label} (${row.tensors})`;
    case 'aiModel':
      return `model ${label} (${row.keys.length})`;
    case 'key':
      return `key ${label}`;
  }
}
