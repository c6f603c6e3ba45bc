import assert from 'node:assert/strict';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { utf8 } from '../../../src/core/base/bytes';
import { messageOf } from '../../../src/core/base/problem';
import type { DatabaseTarget } from '../../../src/core/database/databaseTarget';
import type { NamesProgress } from '../../../src/core/inspection/inspector';
import { displayKey } from '../../../src/core/redis/displayKey';
import type { KeyFolder } from '../../../src/core/keyspace/tree/keyRow';
import { startInspector, type InspectorThread } from '../../../src/extension/bridge/inspectorThread';
import { EngineServer } from '../../support/engineServer';
import { writeKeysOfAllKinds } from '../../support/keysOfAllKinds';
import { projectRoot } from '../../support/projectRoot';
import type { RespClient } from '../../support/respClient';
import { until } from '../../support/startedRun';
import { temporaryFolder } from '../../support/temporaryFolder';

const program = path.join(projectRoot, 'dist/inspector.js');
const root: KeyFolder = { kind: 'root' };

describe('the thread that looks into databases', () => {
  const folder = temporaryFolder();
  let server: EngineServer;
  let client: RespClient;
  let thread: InspectorThread;
  let target: DatabaseTarget;
  let progress: NamesProgress | undefined;

  before(async () => {
    server = await EngineServer.start();
    client = await server.client();
  });
  after(() => server.stop());

  beforeEach(async () => {
    await client.send('FLUSHALL');
    target = {
      ...{ id: 'test', name: 'test', own: true },
      endpoints: [{ kind: 'tcp', host: '127.0.0.1', port: server.port }],
    };
    thread = startInspector(program);
    progress = undefined;
    thread.onDidProgress((news) => {
      progress = news;
    });
  });
  afterEach(() => {
    thread.dispose();
  });

  const open = async (): Promise<void> => {
    const opened = await thread.open(target);
    assert.ok(opened.ok, opened.problems.map(messageOf).join());
  };
  const scanned = async (type?: string): Promise<void> => {
    progress = undefined;
    await thread.scan('test', { pace: 'full', ...(type === undefined ? {} : { type }) });
    await until('all names', () => progress?.state === 'complete');
  };
  const labels = async (folder: KeyFolder = root): Promise<readonly string[]> => {
    const { rows, complete } = await thread.rows('test', folder, { from: 0, most: 200 });
    assert.ok(complete);
    return rows.map((row) => displayKey(row.label));
  };

  it('tells rows, what their keys hold, and values, byte for byte', async () => {
    await writeKeysOfAllKinds(client);
    await open();
    await scanned();
    assert.deepEqual(await labels(), [
      ...['', '<img src=x onerror=alert(1)>', '[link](command:workbench.action.quit)', 'ocean.'],
      ...[String.raw`right\u{202e}to left`, 'scalar', 'session', 'settings.', String.raw`\xff\x00\xfe\x0a`],
    ]);
    const binary = Uint8Array.of(0xff, 0x00, 0xfe, 0x0a);
    const [tensor, text] = await thread.details('test', [utf8('ocean.velocity_1'), binary]);
    assert.deepEqual([tensor?.kind, tensor?.dtype, tensor?.shape], ['tensor', 'FLOAT', [3, 64, 64]]);
    assert.deepEqual([text?.kind, text?.bytes], ['string', 6]);
    const value = await thread.value('test', utf8('ocean.velocity_1'), { slice: '[0, 0, 0:2]' });
    assert.ok(value.ok, value.problems.map(messageOf).join());
    assert.match(value.value.text, /2 of 12288 elements[^]*0\.125/);
  });

  it('shows what an earlier scan has found until the next one is whole, also where names have gone', async () => {
    await client.send('MSET', 'a', '1', 'b', '2');
    await open();
    await scanned();
    await client.send('DEL', 'a');
    await client.send('SET', 'c', '3');
    assert.deepEqual(await labels(), ['a', 'b']);
    await scanned();
    assert.deepEqual(await labels(), ['b', 'c']);
    await client.send('HSET', 'd', 'field', '');
    await scanned('hash');
    assert.deepEqual(await labels(), ['d']);
  });

  it('reads names again by itself while somebody watches', async () => {
    await client.send('SET', 'a', '1');
    await open();
    await scanned();
    await thread.watch('test', true);
    await client.send('SET', 'b', '2');
    await until('the new name', async () => (await labels()).includes('b'));
    await thread.watch('test', false);
  });

  it('deletes exactly what was planned, and writes it down', async () => {
    await client.send('MSET', 'f.1', '1', 'f.2', '2', 'g', '3');
    await open();
    await scanned();
    const below: KeyFolder = { kind: 'prefix', prefix: utf8('f.') };
    const planned = await thread.planDeletion('test', { task: 't', name: 'f.', keys: [], folders: [below] });
    assert.ok(planned.ok);
    assert.deepEqual([planned.value?.keys, planned.value?.complete], [2, true]);
    await client.send('SET', 'f.3', 'came later');
    const deleted = await thread.delete('test', 't', folder.path);
    assert.ok(deleted.ok, deleted.problems.map(messageOf).join());
    assert.equal(deleted.value.removed, 2);
    assert.equal(await client.send('EXISTS', 'f.1', 'f.2', 'f.3', 'g'), 2);
    assert.deepEqual(await labels(), ['g']);
  });

  it('renames a dataset as a whole, and shows it under its new name at once', async () => {
    await writeKeysOfAllKinds(client);
    await open();
    await scanned();
    const renamed = await thread.renameDataset('test', utf8('ocean.{surface}.'), utf8('ocean.{top}.'));
    assert.ok(renamed.ok, renamed.problems.map(messageOf).join());
    assert.equal(renamed.value, 3);
    const rows = await labels({ kind: 'prefix', prefix: utf8('ocean.') });
    assert.ok(rows.includes('{top}') && !rows.includes('{surface}'), rows.join());
  });

  it('tells why a database cannot be reached, and has no rows of it', async () => {
    const refused = await thread.open({
      ...target,
      endpoints: [{ kind: 'tcp', host: '127.0.0.1', port: 1 }],
    });
    assert.deepEqual(refused.ok ? [] : refused.problems.map(({ code }) => code), ['database-unreachable']);
    assert.deepEqual((await thread.rows('test', root, { from: 0, most: 9 })).rows, []);
    const value = await thread.value('test', utf8('a'), {});
    assert.deepEqual(value.ok ? [] : value.problems.map(({ code }) => code), ['database-not-open']);
  });

  it('ends when it is disposed: what is asked then and afterwards is answered by an error', async () => {
    await client.send('SET', 'a', '1');
    await open();
    await scanned();
    const clients = async (): Promise<number> => {
      const list = await client.send('CLIENT', 'LIST');
      return (list instanceof Uint8Array ? Buffer.from(list).toString() : String(list)).trim().split('\n')
        .length;
    };
    assert.ok((await clients()) > 1);
    const asked = thread.rows('test', root, { from: 0, most: 9 });
    thread.dispose();
    await assert.rejects(asked);
    await assert.rejects(async () => thread.rows('test', root, { from: 0, most: 9 }));
    await until('the end of its connections', async () => (await clients()) === 1);
  });

  it('tells that it has ended by a fault, and does not take the window with it', async () => {
    const broken = startInspector(path.join(projectRoot, 'test/fixtures/programs/noSuchThread.js'));
    const reason = await new Promise<string>((resolve) => broken.onDidFail(resolve));
    assert.match(reason, /noSuchThread/);
    await assert.rejects(async () => broken.open(target));
  });

  it('keeps the window free while hundreds of thousands of names are read and sorted', async function () {
    this.timeout(120_000);
    const batch = 10_000;
    for (let at = 0; at < 300_000; at += batch)
      await client.send(
        'MSET',
        ...Array.from({ length: batch }, (_, n) => [`run.rank_${(at + n) % 64}.step_${at + n}`, '']).flat(),
      );
    await open();
    const before = performance.eventLoopUtilization();
    await scanned();
    const { utilization } = performance.eventLoopUtilization(before);
    assert.equal(progress?.seen, 300_000);
    // The part of the time in which this thread was at work.
    assert.ok(utilization < 0.4, String(utilization));
    assert.deepEqual(await labels(), ['run.']);
  });
});
