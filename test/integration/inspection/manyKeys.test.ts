import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { utf8 } from '../../../src/core/base/bytes';
import { messageOf } from '../../../src/core/base/problem';
import { DatabaseInspector } from '../../../src/core/inspection/databaseInspector';
import type { ChangeProgress, NamesProgress } from '../../../src/core/inspection/inspector';
import type { KeyFolder } from '../../../src/core/keyspace/tree/keyRow';
import { DatabaseServer } from '../../support/databaseServer';
import { RecordingProxy } from '../../support/recordingProxy';
import { RespClient } from '../../support/respClient';
import { until } from '../../support/startedRun';
import { temporaryFolder } from '../../support/temporaryFolder';

const id = 'many';

const run: KeyFolder = { kind: 'prefix', prefix: utf8('run.') };

describe('many keys', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let server: DatabaseServer;
  let client: RespClient;
  let proxy: RecordingProxy;
  let inspector: DatabaseInspector;
  let told: ChangeProgress[];

  beforeEach(async () => {
    server = await DatabaseServer.start();
    client = await RespClient.connect(server.port);
    proxy = await RecordingProxy.before(server.port);
    inspector = new DatabaseInspector();
    told = [];
    inspector.onDidAdvance((progress) => told.push(progress));
    const keys = Array.from({ length: 50_000 }, (_, n) => [`run.step_${n}`, '']);
    await client.send('MSET', 'other', '', ...keys.flat());
    const endpoints = [{ kind: 'tcp', host: '127.0.0.1', port: proxy.port }] as const;
    const opened = await inspector.open({ id, name: 'db', endpoints, own: true });
    assert.ok(opened.ok, opened.problems.map(messageOf).join());
    let progress: NamesProgress | undefined;
    inspector.onDidProgress((news) => (progress = news));
    await inspector.scan(id, { pace: 'full' });
    await until('all names', () => progress?.state === 'complete');
  });
  afterEach(async () => {
    inspector.dispose();
    client.close();
    await proxy.stop();
    await server.stop();
  });

  const sent = (command: string): number => proxy.received.filter(([name]) => name === command).length;

  it('that are deleted are gathered and taken out of the names piece by piece, between which rows are told', async () => {
    const planned = inspector.planDeletion(id, { task: 'all', name: 'run.', keys: [], folders: [run] });
    // Until the keys are gathered, nothing is asked of the server.
    let answers = 0;
    for (; sent('TYPE') === 0; answers += 1) {
      await inspector.rows(id, { kind: 'root' }, { from: 0, most: 9 });
      await setImmediate();
    }
    const plan = await planned;
    assert.ok(plan.ok);
    assert.equal(plan.value?.keys, 50_000);
    assert.ok(answers >= 25, `${answers} answers meanwhile`);

    const deleted = await inspector.delete(id, 'all', folder.path);
    assert.ok(deleted.ok);
    assert.equal(deleted.value.removed, 50_000);
    const { rows } = await inspector.rows(id, { kind: 'root' }, { from: 0, most: 9 });
    assert.deepEqual(
      rows.map(({ label }) => Buffer.from(label).toString()),
      ['other'],
    );
    assert.equal(await client.send('DBSIZE'), 1);
    assert.ok(told.some(({ task, keys, of }) => task === 'all' && of === undefined && keys < 50_000));
    assert.ok(told.some(({ keys, of }) => of === 50_000 && keys < 50_000));
  });

  it('are not gathered any further when that is cancelled, and nothing is planned', async () => {
    const planned = inspector.planDeletion(id, { task: 'all', name: 'run.', keys: [], folders: [run] });
    await setImmediate();
    await inspector.cancel(id, 'all');
    const over = new Set<unknown>();
    void planned.then((plan) => over.add(plan));
    let turns = 0;
    for (; over.size === 0; turns += 1) await setImmediate();
    assert.ok(turns < 5, `${turns} turns`);
    assert.deepEqual(await planned, { ok: true, value: undefined, problems: [] });
    assert.equal(sent('TYPE'), 0);
    const deleted = await inspector.delete(id, 'all', folder.path);
    assert.equal(deleted.ok, false);
    assert.equal(await client.send('DBSIZE'), 50_001);
  });

  it('that are chosen twice are planned once', async () => {
    const keys = ['other', 'run.step_7', 'other'].map(utf8);
    const plan = await inspector.planDeletion(id, { task: 't', name: 'x', keys, folders: [run, run] });
    assert.ok(plan.ok);
    assert.equal(plan.value?.keys, 50_001);
  });

  it('expire batch by batch, with pauses, until that is cancelled', async () => {
    const set = inspector.setExpiry(id, { task: 'all', keys: [], folders: [run] }, 3_600_000);
    await until('a batch', () => told.some(({ of }) => of !== undefined));
    const [first] = told.filter(({ of }) => of !== undefined);
    assert.deepEqual(first, { task: 'all', keys: 500, of: 50_000 });
    await inspector.cancel(id, 'all');
    const there = await set;
    assert.ok(there.ok);
    assert.ok(there.value > 0 && there.value < 50_000, String(there.value));
    assert.equal(sent('PEXPIRE'), there.value);
  });
});
