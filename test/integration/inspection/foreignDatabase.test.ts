import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { utf8 } from '../../../src/core/base/bytes';
import { messageOf } from '../../../src/core/base/problem';
import type { Result } from '../../../src/core/base/result';
import { DatabaseInspector } from '../../../src/core/inspection/databaseInspector';
import type { Inspector, NamesProgress } from '../../../src/core/inspection/inspector';
import type { KeyFolder, KeyRow } from '../../../src/core/keyspace/tree/keyRow';
import { guardedCluster, guardedServer, type GuardedServers } from '../../support/guardedServers';
import { RecordingProxy } from '../../support/recordingProxy';
import { RespClient, type Reply } from '../../support/respClient';
import { until } from '../../support/startedRun';
import { temporaryFolder } from '../../support/temporaryFolder';

/**
 * All that a locked database may see, written down once more: whoever adds a command to the product has to think about it here
 * as well. A command with a second word is allowed with that word alone.
 */
const harmless = new Set([
  ...['ASKING', 'CLUSTER SLOTS', 'CLUSTER NODES', 'CLUSTER COUNTKEYSINSLOT'],
  ...['PING', 'INFO server', 'INFO memory', 'INFO keyspace', 'DBSIZE', 'SCAN', 'EXISTS', 'TYPE', 'PTTL'],
  ...['STRLEN', 'GETRANGE', 'HLEN', 'HGET', 'HEXISTS', 'HSTRLEN', 'HSCAN', 'LLEN', 'LINDEX'],
  ...['LRANGE', 'SCARD', 'SSCAN', 'ZCARD', 'ZRANGE', 'XLEN', 'XRANGE', 'MEMORY USAGE', 'MULTI', 'EXEC'],
  ...['WATCH', 'UNWATCH', 'DISCARD', 'AI.TENSORGET', 'TENSOR.VERSION', 'TENSOR.SLICE', 'TENSOR.STATISTICS'],
]);

type Question = Exclude<keyof Inspector, 'onDidProgress' | 'onDidChangeState' | 'onDidAdvance'>;

const id = 'foreign';
const root: KeyFolder = { kind: 'root' };

for (const [what, start] of [
  ['a database', guardedServer],
  ['a cluster', guardedCluster],
] as const)
  describe(`${what} that is not ours, in the window`, function () {
    this.timeout(60_000);
    const folder = temporaryFolder();
    let servers: GuardedServers;
    let proxies: readonly RecordingProxy[];
    let inspector: DatabaseInspector;

    before(async () => {
      servers = await start();
      proxies = await Promise.all(servers.ports.map((port) => RecordingProxy.before(port)));
      if (servers.clustered) await announce();
      inspector = new DatabaseInspector();
    });
    after(async () => {
      inspector.dispose();
      await Promise.all(proxies.map((proxy) => proxy.stop()));
      await servers.stop();
    });

    /** Has the shards lead everybody to the proxies, each other's clients too. */
    async function announce(): Promise<void> {
      const announced = proxies.map(({ port }) => port);
      for (const [at, port] of servers.ports.entries()) {
        const client = await RespClient.connect(port);
        assert.equal(await client.send('CONFIG', 'SET', 'cluster-announce-port', announced[at] ?? 0), 'OK');
        client.close();
      }
      await until('all shards know it', async () => {
        const tables = await servers.sendAll('CLUSTER', 'SLOTS');
        return tables.every((table) => isDeepStrictEqual(portsIn(table), announced));
      });
    }

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

    const size = async (): Promise<number> =>
      (await servers.sendAll('DBSIZE')).reduce<number>((sum, keys) => sum + Number(keys), 0);

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
      const before = await servers.sendAll('DEBUG', 'DIGEST');
      const tensor = utf8('ocean.velocity_1');
      const choice = {
        task: 't',
        keys: [tensor],
        folders: [{ kind: 'dataset', prefix: utf8('ocean.{surface}.') }],
      } as const;
      // One entry for each function of the Inspector: does not compile when one is missing.
      const acts: Readonly<Record<Question, () => Promise<unknown>>> = {
        open: async () => {
          const endpoints = [{ kind: 'tcp', host: '127.0.0.1', port: proxies[0]!.port }] as const;
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
          assert.equal(keysOf(await allRows()).length, await size());
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
      const received = proxies.flatMap((proxy) => proxy.received);
      const seen = new Set(
        received.map(([name = '', second = '']) => {
          const command = name.toUpperCase();
          return ['CLUSTER', 'INFO', 'MEMORY'].includes(command) ? `${command} ${second}` : command;
        }),
      );
      assert.deepEqual(
        [...seen].filter((command) => !harmless.has(command)),
        [],
      );
      assert.ok(seen.has('TENSOR.SLICE') && seen.has('SCAN') && seen.has('HSCAN'), [...seen].join());
      // Nobody is asked but through the proxies.
      assert.deepEqual(
        progress?.shards.map(({ shard }) => shard),
        proxies.map(({ port }) => `127.0.0.1:${port}`),
      );
      for (const proxy of proxies) assert.ok(proxy.received.some(([name]) => name === 'SCAN'));
      assert.equal(seen.has('ASKING'), servers.clustered);
      // Memory is never asked for tensors, nor without a small sample.
      const tensors = new Set(['scalar', 'ocean.mask', 'ocean.velocity_1', 'ocean.{surface}.temperature']);
      for (const [name, , key = '', ...rest] of received)
        if (name === 'MEMORY') assert.ok(!tensors.has(key) && /^SAMPLES [1-5]$/.test(rest.join(' ')), key);
      assert.deepEqual(await servers.sendAll('DEBUG', 'DIGEST'), before);
    });
  });

/** Of the primaries in a reply of `CLUSTER SLOTS`, in the order of their slots. */
function portsIn(table: Reply): readonly unknown[] {
  const ranges = (Array.isArray(table) ? table : []) as readonly (readonly Reply[])[];
  return [...ranges]
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, , primary]) => (Array.isArray(primary) ? (primary[1] as Reply) : undefined));
}
