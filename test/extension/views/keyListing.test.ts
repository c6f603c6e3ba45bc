import assert from 'node:assert/strict';
import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import { utf8 } from '../../../src/core/base/bytes';
import { displayKey } from '../../../src/core/redis/displayKey';
import { KeyNames } from '../../../src/core/keyspace/names/keyNames';
import { plainGrouping } from '../../../src/core/keyspace/tree/keyGrammar';
import { rowsOf } from '../../../src/core/keyspace/tree/rowsOf';
import { KeyListing, type KeySource } from '../../../src/extension/views/keys/keyListing';
import { until } from '../../support/startedRun';
import { plainWording } from '../../support/plainWording';

/** Real rows of names, and details of our own; counts what is asked. */
class Names implements KeySource {
  readonly asked: string[] = [];
  readonly folders: string[] = [];
  readonly sizes = new Map<string, number>();
  private names = new KeyNames();

  hold(...names: readonly string[]): void {
    this.names = new KeyNames();
    for (const name of names) this.names.add(utf8(name));
    this.names.settle();
    this.names.setWhole(true);
  }

  rows: KeySource['rows'] = (folder, request) => {
    this.folders.push('prefix' in folder ? displayKey(folder.prefix) : folder.kind);
    return Promise.resolve(rowsOf(this.names, folder, request, plainGrouping));
  };

  details: KeySource['details'] = (keys) => {
    this.asked.push(keys.map((key) => displayKey(key)).join(' '));
    return Promise.resolve(
      keys.map((key) => ({
        key,
        kind: 'string',
        bytes: this.sizes.get(displayKey(key)) ?? key.length,
        missing: [],
      })),
    );
  };
}

describe('the listing of keys', () => {
  let names: Names;
  let listing: KeyListing;
  let drawn: string[];
  let now = 0;

  beforeEach(() => {
    names = new Names();
    listing = new KeyListing(
      names,
      () => ({
        ...{ wording: plainWording, now: 0, display: displayKey, changeable: false },
      }),
      () => now,
    );
    drawn = [];
    listing.onDidChange((ids) => {
      drawn.push(...ids.map((id) => listing.node(id)?.label ?? (id === '' ? 'all' : id)));
    });
  });

  const labels = async (id?: string): Promise<readonly string[]> =>
    (await listing.children(id)).map(({ label }) => label);
  const idOf = async (label: string): Promise<string> => {
    const node = (await listing.children()).find((one) => one.label === label);
    assert.ok(node, label);
    return node.id;
  };

  it('asks for a page, then for what its keys hold in one question, and draws those rows', async () => {
    names.hold('a', 'b', 'c.1', 'c.2');
    assert.deepEqual(await labels(), ['a', 'b', 'c.']);
    await setImmediate();
    assert.deepEqual(names.asked, ['a b']);
    assert.deepEqual(drawn, ['a', 'b']);
    assert.equal((await listing.children())[0]?.description, '1 B');
    assert.deepEqual(names.folders, ['root']);
  });

  it('draws only rows that have changed when names come in', async () => {
    names.hold('a', 'c.1', 'c.2');
    await labels();
    await setImmediate();
    drawn = [];
    names.hold('a', 'c.1', 'c.2', 'c.3');
    await listing.refresh();
    assert.deepEqual(drawn, ['c.']);
    await listing.refresh();
    assert.deepEqual(drawn, ['c.']);
  });

  it('draws the whole folder where there are other rows', async () => {
    names.hold('a');
    await labels();
    await setImmediate();
    drawn = [];
    names.hold('a', 'b');
    await listing.refresh();
    await setImmediate();
    assert.deepEqual(drawn, ['all', 'b']);
    assert.deepEqual(names.asked, ['a', 'b']);
  });

  it('shows 200 rows, and 200 more when asked', async () => {
    names.hold(...Array.from({ length: 450 }, (_, at) => `k${at}`));
    assert.equal((await labels()).length, 201);
    const [more] = (await listing.children()).slice(-1);
    assert.equal(more?.description, '200 of 450');
    await listing.more('');
    assert.equal((await labels()).length, 401);
    await listing.more('');
    assert.equal((await labels()).length, 450);
    assert.equal((await labels()).at(-1), 'k449');
  });

  it('asks nothing about rows below a row that is shut, and again when that is opened', async () => {
    names.hold('a', 'c.1', 'c.2');
    const folder = await idOf('c.');
    assert.deepEqual(await labels(folder), ['1', '2']);
    listing.shut(folder);
    names.folders.length = 0;
    names.hold('a', 'c.1', 'c.2', 'c.3');
    await listing.refresh();
    assert.deepEqual(names.folders, ['root']);
    assert.equal((await listing.children(folder))[0]?.label, '1');
    await listing.opened(folder);
    assert.deepEqual(await labels(folder), ['1', '2', '3']);
  });

  it('forgets what was below a row that has gone', async () => {
    names.hold('a', 'c.1', 'c.2');
    const folder = await idOf('c.');
    const [child] = await listing.children(folder);
    names.hold('a');
    await listing.refresh();
    assert.equal(listing.node(folder), undefined);
    assert.equal(listing.node(child?.id ?? ''), undefined);
  });

  it('finds a key in folders that were not opened', async () => {
    names.hold('a', 'p.q.1', 'p.q.2', 'p.r', 'p.{ds}.meta', 'p.{ds}.t');
    const found = await listing.find(utf8('p.q.2'));
    assert.equal(listing.node(found ?? '')?.label, '2');
    assert.equal(listing.node(listing.parentOf(found ?? '') ?? '')?.label, 'q.');
    assert.equal(listing.node((await listing.find(utf8('p.{ds}.meta'))) ?? '')?.label, 'ds');
    assert.equal(await listing.find(utf8('nowhere')), undefined);
  });

  it('asks again what keys hold when that is known for long, and draws only what is another', async () => {
    names.hold('a', 'b');
    await labels();
    await setImmediate();
    names.asked.length = 0;
    drawn = [];
    await listing.refresh();
    await setImmediate();
    assert.deepEqual(names.asked, []);
    now += 11_000;
    names.sizes.set('b', 99);
    await listing.refresh();
    await setImmediate();
    assert.deepEqual(names.asked, ['a b']);
    assert.deepEqual(drawn, ['b']);
    listing.askDetailsAnew();
    assert.deepEqual(names.asked, ['a b', 'a b']);
  });

  it('orders the rows that are shown by size', async () => {
    names.hold('a', 'bbb', 'c.1', 'c.2', 'dd');
    await labels();
    await setImmediate();
    listing.sort = 'size';
    assert.deepEqual(await labels(), ['c.', 'bbb', 'dd', 'a']);
    listing.sort = 'name';
    assert.deepEqual(await labels(), ['a', 'bbb', 'c.', 'dd']);
  });

  it('orders far more rows by size than it shows, asks about them page by page, and says how many', async () => {
    const all = Array.from({ length: 3000 }, (_, number) => `k${number}`);
    names.hold(...all);
    for (const name of all) names.sizes.set(name, name === 'k2500' ? 99 : 5);
    assert.equal((await labels()).length, 201);
    const sorted = (): KeyListing['sorted'] => listing.sorted;
    assert.equal(sorted(), undefined);
    await setImmediate();
    names.asked.length = 0;
    listing.sort = 'size';
    await listing.refresh();
    assert.ok((sorted()?.known ?? 2000) < 2000);
    assert.equal(sorted()?.of, 2000);
    await until('what all of them hold', () => sorted()?.known === 2000);
    assert.deepEqual(
      names.asked.map((keys) => keys.split(' ').length),
      Array.from({ length: 9 }, () => 200),
    );
    const shown = await labels();
    assert.deepEqual([shown[0], shown.length], ['k2500', 201]);
    const more = listing.node('more:');
    assert.equal(more?.description, '200 of 2,000 that are sorted, 1,000 more are not');
    listing.sort = 'name';
    await listing.refresh();
    assert.deepEqual([(await labels())[0], sorted()], ['k0', undefined]);
  });

  it('asks about no further rows of a folder that is shut meanwhile', async () => {
    names.hold('x', ...Array.from({ length: 2000 }, (_, number) => `f.${number}`));
    await labels();
    const [folder = ''] = (await listing.children()).map(({ id }) => id);
    await listing.children(folder);
    await setImmediate();
    listing.sort = 'size';
    await listing.refresh();
    listing.shut(folder);
    await until('the end of the last question', () => names.asked.length > 1);
    const { length } = names.asked;
    await delay(50);
    assert.equal(names.asked.length, length);
    await listing.opened(folder);
    await until('the others', () => listing.sorted?.known === 2001);
  });

  it('takes no answer about a database that is not shown any more', async () => {
    names.hold('a');
    const old = listing.children();
    listing.reset();
    assert.deepEqual(await old, []);
    names.hold('b');
    assert.deepEqual(await labels(), ['b']);
  });
});
