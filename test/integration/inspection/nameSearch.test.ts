import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { utf8 } from '../../../src/core/base/bytes';
import { messageOf } from '../../../src/core/base/problem';
import { DatabaseInspector } from '../../../src/core/inspection/databaseInspector';
import type { NamesProgress } from '../../../src/core/inspection/inspector';
import type { KeyFolder } from '../../../src/core/keyspace/tree/keyRow';
import { displayKey } from '../../../src/core/redis/displayKey';
import { DatabaseServer } from '../../support/databaseServer';
import { RecordingProxy } from '../../support/recordingProxy';
import { RespClient } from '../../support/respClient';
import { until } from '../../support/startedRun';
import { temporaryFolder } from '../../support/temporaryFolder';

const id = 'searched';
const root: KeyFolder = { kind: 'root' };

describe('names that are looked for in a database', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let server: DatabaseServer;
  let client: RespClient;
  let proxy: RecordingProxy;
  let inspector: DatabaseInspector;
  let progress: NamesProgress | undefined;

  before(async () => {
    server = await DatabaseServer.start();
    client = await RespClient.connect(server.port);
    proxy = await RecordingProxy.before(server.port);
  });
  after(async () => {
    client.close();
    await proxy.stop();
    await server.stop();
  });

  beforeEach(async () => {
    await client.send('FLUSHALL');
    inspector = new DatabaseInspector();
    progress = undefined;
    inspector.onDidProgress((news) => (progress = news));
    const endpoints = [{ kind: 'tcp', host: '127.0.0.1', port: proxy.port }] as const;
    const opened = await inspector.open({ id, name: 'db', endpoints, own: true });
    assert.ok(opened.ok, opened.problems.map(messageOf).join());
  });
  afterEach(() => {
    inspector.dispose();
  });

  const scanned = async (): Promise<void> => {
    progress = undefined;
    await inspector.scan(id, { pace: 'full' });
    await until('all names', () => progress?.state === 'complete');
  };
  const labels = async (where = root): Promise<readonly string[]> => {
    const { rows } = await inspector.rows(id, where, { from: 0, most: 200 });
    return rows.map((row) => displayKey(row.label));
  };
  const many = async (count: number): Promise<void> => {
    for (let at = 0; at < count; at += 10_000)
      await client.send(
        'MSET',
        ...Array.from({ length: 10_000 }, (_, n) => [`run.step_${at + n}`, '']).flat(),
      );
  };

  it('are found among those that are known, and all are back without it: the server is asked nothing', async () => {
    await client.send(
      'MSET',
      ...['Pressure', 'run.pressure', 'run.velocity', 'a*b', 'ab'].flatMap((key) => [key, '']),
    );
    await client.send('SET', Uint8Array.of(0xff, 0x61), '');
    await scanned();
    const asked = proxy.received.length;
    for (const [text, found] of [
      ['press', ['Pressure', 'run.pressure']],
      ['Press', ['Pressure']],
      ['run.*', ['run.']],
      ['a\\*?', ['a*b']],
      ['\\x2a', ['a*b']],
      ['\\xff', ['\\xffa']],
      ['nowhere', []],
      ['', ['Pressure', 'a*b', 'ab', 'run.', '\\xffa']],
    ] as const) {
      await inspector.filter(id, text);
      assert.deepEqual(await labels(), found, text);
    }
    assert.equal(proxy.received.length, asked);
    assert.equal(progress?.search, undefined);
  });

  it('appear while the scan goes on', async () => {
    await many(20_000);
    await client.send('SET', 'other', '');
    await inspector.filter(id, '*step_19*');
    let meanwhile = 0;
    await inspector.scan(id, { pace: 'full' });
    while (progress?.state !== 'complete') {
      const page = await inspector.rows(id, { kind: 'prefix', prefix: utf8('run.') }, { from: 0, most: 9 });
      if (progress?.state === 'scanning' && page.rows.length > 0) {
        meanwhile++;
        assert.equal(page.complete, false);
      }
      await setImmediate();
    }
    assert.ok(meanwhile > 0);
    await until('the end of the search', () => progress?.search?.left === 0);
    // step_19, step_190 to step_199, step_1900 to step_1999, and step_19000 to step_19999.
    assert.deepEqual([progress.seen, progress.search?.found], [20_001, 1111]);
    const { complete } = await inspector.rows(id, root, { from: 0, most: 9 });
    assert.ok(complete);
  });

  it('are shown from the earlier scan until the next one is whole and looked through', async () => {
    // Names in which the wanted text nearly occurs, many times: looking takes longer than reading.
    const wanted = `${'a'.repeat(100)}b`;
    const almost = Array.from({ length: 10_000 }, (_, n) => [`${'a'.repeat(300)}${n}`, '']);
    await client.send(
      'MSET',
      ...almost.flat(),
      ...Array.from({ length: 50 }, (_, n) => [`${wanted}${n}`, '']).flat(),
    );
    await scanned();
    await inspector.filter(id, wanted);
    await until('what is looked for', async () => (await labels()).length === 50);
    await client.send('SET', wanted, '');
    progress = undefined;
    await inspector.scan(id, { pace: 'full' });
    const shown = new Set<number>();
    await until('the new one', async () => shown.add((await labels()).length).has(51));
    assert.deepEqual([...shown], [50, 51]);
  });

  it('leave time for rows however many have to be looked at, and tell how many are left', async () => {
    await many(200_000);
    await scanned();
    const lefts = new Set<number>();
    inspector.onDidProgress(({ search }) => lefts.add(search?.left ?? -1));
    await inspector.filter(id, '*step*9*9*9*');
    let answers = 0;
    for (; progress?.search?.left !== 0; answers++) {
      await inspector.rows(id, root, { from: 0, most: 9 });
      await setImmediate();
    }
    assert.ok(answers >= 3, `${answers} answers meanwhile`);
    assert.ok(lefts.size >= 2 && !lefts.has(-1), [...lefts].join());
  });

  it('are what is deleted of a folder, and all of a dataset that is chosen itself', async () => {
    const keys = ['run.old', 'run.new', '{ds}.old', '{ds}.new'];
    await client.send('MSET', ...keys.flatMap((key) => [key, '']));
    await client.send('HSET', '{ds}.meta', '.COMPLETE', '');
    await scanned();
    await inspector.filter(id, 'old');
    for (const [folderOf, removed] of [
      [root, 2],
      [{ kind: 'dataset', prefix: utf8('{ds}.') }, 2],
    ] as const) {
      const planned = await inspector.planDeletion(id, {
        task: 't',
        name: 'x',
        keys: [],
        folders: [folderOf],
      });
      assert.ok(planned.ok);
      const deleted = await inspector.delete(id, 't', folder.path);
      assert.ok(deleted.ok);
      assert.equal(deleted.value.removed, removed);
    }
    assert.deepEqual([await client.send('EXISTS', 'run.new'), await client.send('DBSIZE')], [1, 1]);
  });
});
