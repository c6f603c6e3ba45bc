import assert from 'node:assert/strict';
import { utf8 } from '../../../src/core/base/bytes';
import { messageOf } from '../../../src/core/base/problem';
import type { Result } from '../../../src/core/base/result';
import { DatabaseInspector } from '../../../src/core/inspection/databaseInspector';
import type { Inspector, NamesProgress } from '../../../src/core/inspection/inspector';
import type { KeyFolder, KeyRow } from '../../../src/core/keyspace/tree/keyRow';
import { EngineServer } from '../../support/engineServer';
import { writeKeysOfAllKinds } from '../../support/keysOfAllKinds';
import { RecordingProxy } from '../../support/recordingProxy';
import type { RespClient } from '../../support/respClient';
import { until } from '../../support/startedRun';
import { temporaryFolder } from '../../support/temporaryFolder';

/**
 * All that a locked database may see, written down once more: whoever adds a command to the product has to think about it here
 * as well. A command with a second word is allowed with that word alone.
 */
const harmless = new Set([
  ...['PING', 'CLUSTER SLOTS', 'CLUSTER NODES', 'INFO server', 'INFO memory', 'INFO keyspace', 'DBSIZE'],
  ...[
    'SCAN',
    'EXISTS',
    'TYPE',
    'PTTL',
    'STRLEN',
    'GETRANGE',
    'HLEN',
    'HGET',
    'HEXISTS',
    'HSTRLEN',
    'HSCAN',
    'LLEN',
    'LINDEX',
  ],
  ...['LRANGE', 'SCARD', 'SSCAN', 'ZCARD', 'ZRANGE', 'XLEN', 'XRANGE', 'MEMORY USAGE', 'MULTI', 'EXEC'],
  ...['WATCH', 'UNWATCH', 'DISCARD', 'AI.TENSORGET', 'TENSOR.VERSION', 'TENSOR.SLICE', 'TENSOR.STATISTICS'],
]);

type Question = Exclude<keyof Inspector, 'onDidProgress' | 'onDidChangeState' | 'onDidAdvance'>;

const id = 'foreign';
const root: KeyFolder = { kind: 'root' };

describe('a database that is not ours, in the window', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let server: EngineServer;
  let client: RespClient;
  let proxy: RecordingProxy;
  let inspector: DatabaseInspector;

  before(async () => {
    server = await EngineServer.start();
    client = await server.client();
    await writeKeysOfAllKinds(client);
    proxy = await RecordingProxy.before(server.port);
    inspector = new DatabaseInspector();
  });
  after(async () => {
    inspector.dispose();
    await proxy.stop();
    await server.stop();
  });

  async function allRows(below: KeyFolder = root): Promise<readonly KeyRow[]> {
    const { rows } = await inspector.rows(id, below, { from: 0, most: 200 });
    const parts = rows.map((row) =>
      row.kind === 'folder' || row.kind === 'dataset' ? allRows(row.folder) : Promise.resolve([]),
    );
    return [...rows, ...(await Promise.all(parts)).flat()];
  }

  function keysOf(rows: readonly KeyRow[]): readonly Uint8Array[] {
    return rows.flatMap((row) =>
      row.kind === 'key' ? [row.key] : row.kind === 'dataset' ? [row.metadata] : [],
    );
  }

  it('sees only harmless commands, whatever it is asked, and stays as it is', async () => {
    const locked = async (asked: Promise<Result<unknown>>): Promise<void> => {
      const answer = await asked;
      assert.deepEqual(answer.ok ? [] : answer.problems.map(({ code }) => code), ['database-locked']);
    };
    let progress: NamesProgress | undefined;
    inspector.onDidProgress((news) => (progress = news));
    const scanned = async (type?: string): Promise<void> => {
      progress = undefined;
      await inspector.scan(id, {
        pace: 'full',
        ...(type === undefined ? {} : { type }),
      });
      await until('all names', () => progress?.state === 'complete');
    };
    const before = await client.send('DEBUG', 'DIGEST');
    const tensor = utf8('ocean.velocity_1');
    const choice = {
      task: 't',
      keys: [tensor],
      folders: [{ kind: 'dataset', prefix: utf8('ocean.{surface}.') }],
    } as const;
    // One entry for each function of the Inspector: does not compile when one is missing.
    const acts: Readonly<Record<Question, () => Promise<unknown>>> = {
      open: async () => {
        const endpoints = [{ kind: 'tcp', host: '127.0.0.1', port: proxy.port }] as const;
        const opened = await inspector.open({ id, name: 'db', endpoints, own: false });
        assert.ok(opened.ok, opened.problems.map(messageOf).join());
      },
      watch: () => inspector.watch(id, true),
      filter: async () => {
        for (const text of ['settings.*', 'scalar', '']) await inspector.filter(id, text);
      },
      setPace: () => inspector.setPace(id, 'full'),
      pause: () => inspector.pause(id),
      resume: () => inspector.resume(id),
      scan: async () => {
        for (const type of ['AI_TENSOR', 'hash', undefined]) await scanned(type);
      },
      rows: async () => {
        assert.equal(keysOf(await allRows()).length, await client.send('DBSIZE'));
      },
      details: async () => {
        const found = await inspector.details(id, [...keysOf(await allRows()), utf8('nowhere')]);
        assert.ok(found.every(({ missing, refusal }) => missing.length === 0 && refusal === undefined));
      },
      value: async () => {
        for (const key of keysOf(await allRows()))
          for (const request of [
            {},
            { slice: '[0]' },
            ...(['text', 'json', 'hex'] as const).map((as) => ({ form: { as } })),
          ])
            await inspector.value(id, key, request);
      },
      rename: () => locked(inspector.rename(id, tensor, utf8('other'))),
      renameDataset: () =>
        locked(inspector.renameDataset(id, utf8('ocean.{surface}.'), utf8('ocean.{other}.'))),
      setExpiry: async () => {
        for (const inMs of [1000, null]) await locked(inspector.setExpiry(id, choice, inMs));
      },
      planDeletion: async () => {
        const planned = await inspector.planDeletion(id, { name: 'all', ...choice });
        assert.ok(planned.ok);
      },
      delete: () => locked(inspector.delete(id, 't', folder.path)),
      cancel: () => inspector.cancel(id, 't'),
      unlock: async () => {
        await inspector.unlock(id, false);
        await locked(inspector.rename(id, tensor, utf8('other')));
      },
      close: () => inspector.close(id),
    };
    for (const act of Object.values(acts)) await act();
    const seen = new Set(
      proxy.received.map(([name = '', second = '']) => {
        const command = name.toUpperCase();
        return ['CLUSTER', 'INFO', 'MEMORY'].includes(command) ? `${command} ${second}` : command;
      }),
    );
    assert.deepEqual(
      [...seen].filter((command) => !harmless.has(command)),
      [],
    );
    assert.ok(seen.has('TENSOR.SLICE') && seen.has('SCAN') && seen.has('HSCAN'), [...seen].join());
    // Memory is never asked for tensors, nor without a small sample.
    const tensors = new Set(['scalar', 'ocean.mask', 'ocean.velocity_1', 'ocean.{surface}.temperature']);
    for (const [name, , key = '', ...rest] of proxy.received)
      if (name === 'MEMORY') assert.ok(!tensors.has(key) && /^SAMPLES [1-5]$/.test(rest.join(' ')), key);
    assert.deepEqual(await client.send('DEBUG', 'DIGEST'), before);
  });
});
