import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { utf8 } from '../../../src/core/base/bytes';
import { messageOf } from '../../../src/core/base/problem';
import { Database } from '../../../src/core/database/database';
import { KeyspaceScan, type ScanOptions } from '../../../src/core/keyspace/scan/keyspaceScan';
import { CollectedNames } from '../../support/collectedNames';
import { DatabaseCluster, DatabaseServer } from '../../support/databaseServer';
import { RespClient } from '../../support/respClient';
import { slotOf } from '../../support/slotOf';
import { until } from '../../support/startedRun';

/** Closed at the end of each test, last opened first. */
const open: (() => void | Promise<void>)[] = [];

async function databaseAt(port: number, limitMs = 5000): Promise<Database> {
  const endpoints = [{ kind: 'tcp', host: '127.0.0.1', port }] as const;
  const opened = await Database.open({ id: 'db', name: 'db', endpoints, own: false }, { limitMs });
  assert.ok(opened.ok, opened.problems.map(messageOf).join());
  open.push(() => {
    opened.value.dispose();
  });
  return opened.value;
}

function scanOf(database: Database, options: ScanOptions): { scan: KeyspaceScan; names: CollectedNames } {
  const names = new CollectedNames();
  const scan = new KeyspaceScan(database, names, options);
  open.push(() => {
    scan.dispose();
  });
  return { scan, names };
}

async function filled(port: number, keys: readonly string[]): Promise<RespClient> {
  const client = await RespClient.connect(port);
  open.push(() => {
    client.close();
  });
  await Promise.all(keys.map((key) => client.send('SET', key, 'value')));
  return client;
}

const numbered = (count: number, tag = ''): string[] =>
  Array.from({ length: count }, (_, number) => `${tag}key:${number}`);

describe('the scan of a database', function () {
  this.timeout(60_000);

  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });

  async function server(args: readonly string[] = []): Promise<DatabaseServer> {
    const started = await DatabaseServer.start(args);
    open.push(() => started.stop());
    return started;
  }

  for (const pace of ['kind', 'full'] as const) {
    it(`brings every name, at the pace ${pace}`, async () => {
      const { port } = await server();
      const keys = [...numbered(3000), '', ' ', '\r\n$3', '‮key'];
      await filled(port, keys);
      const { scan, names } = scanOf(await databaseAt(port), { pace });
      const progress = await scan.run();
      assert.deepEqual(names.sorted, keys.map((key) => Buffer.from(key).toString('latin1')).sort());
      assert.equal(progress.state, 'complete');
      assert.deepEqual(progress.shards, [
        {
          ...{ shard: `127.0.0.1:${port}`, state: 'complete', expected: keys.length },
          seen: [...names.times.values()].reduce((sum, times) => sum + times, 0),
        },
      ]);
    });
  }

  it('takes a pattern and a type to the server', async () => {
    const { port } = await server();
    const client = await filled(port, numbered(50));
    await Promise.all(numbered(20).map((key) => client.send('HSET', `hash:${key}`, 'field', 'value')));
    await client.send('HSET', 'other', 'field', 'value');
    const database = await databaseAt(port);
    const { scan, names } = scanOf(database, { pace: 'full', match: utf8('*key*'), type: 'hash' });
    await scan.run();
    assert.deepEqual(names.sorted, numbered(20, 'hash:').sort());
  });

  it('asks the owner of a name without special characters', async () => {
    const { port } = await server();
    const client = await filled(port, [...numbered(50), 'a*b']);
    const database = await databaseAt(port);
    for (const [match, type, found] of [
      ['key:7', undefined, ['key:7']],
      ['key:7', 'String', ['key:7']],
      ['key:7', 'hash', []],
      ['a\\*b', undefined, ['a*b']],
      ['nothing', undefined, []],
    ] as const) {
      const { scan, names } = scanOf(database, {
        ...{ pace: 'kind', match: utf8(match) },
        ...(type === undefined ? {} : { type }),
      });
      const { state, shards } = await scan.run();
      assert.deepEqual([state, shards.length, names.sorted], ['complete', 1, found]);
    }
    assert.match(await commandsOf(client), /cmdstat_exists/);
    assert.doesNotMatch(await commandsOf(client), /cmdstat_scan/);
  });

  it('scans all shards of a cluster', async () => {
    const cluster = await DatabaseCluster.start();
    open.push(() => cluster.stop());
    const all = numbered(3000);
    const shardOfSlot = (slot: number): number => (slot <= 5460 ? 0 : slot <= 10922 ? 1 : 2);
    for (const [place, { port }] of cluster.servers.entries())
      await filled(
        port,
        all.filter((key) => shardOfSlot(slotOf(key)) === place),
      );
    const { scan, names } = scanOf(await databaseAt(cluster.servers[0]!.port), { pace: 'full' });
    const { state, shards } = await scan.run();
    assert.equal(state, 'complete');
    assert.deepEqual(names.sorted, [...all].sort());
    assert.equal(
      shards.reduce((sum, { expected = 0 }) => sum + expected, 0),
      all.length,
    );
  });

  it('can be paused, resumed, switched to full speed and ended', async () => {
    const { port } = await server();
    await filled(port, numbered(3000));
    const { scan, names } = scanOf(await databaseAt(port), { pace: 'kind' });
    const states: string[] = [];
    scan.onDidProgress(({ state, pace, shards }) => {
      states.push(`${state} ${pace}`);
      if (state === 'scanning' && pace === 'kind' && (shards[0]?.seen ?? 0) > 0) scan.pause();
    });
    const ended = scan.run();
    await until('a pause', () => scan.progress.state === 'paused');
    assert.ok(names.times.size < 3000);
    scan.pace = 'full';
    assert.equal(scan.progress.state, 'paused');
    scan.resume();
    assert.equal((await ended).state, 'complete');
    assert.equal(names.times.size, 3000);
    assert.ok(states.includes('paused full') && states.includes('scanning full'));

    const second = scanOf(await databaseAt(port), { pace: 'kind' });
    second.scan.onDidProgress(() => {
      second.scan.dispose();
    });
    assert.equal((await second.scan.run()).state, 'stopped');
    assert.ok(second.names.times.size < 3000);
  });

  it('goes on where it was when a connection is lost, and begins again with another process', async () => {
    const started = await server(['--appendonly', 'yes', '--appendfsync', 'always']);
    const client = await filled(started.port, numbered(3000));
    let now = 0;
    let step = 0;
    const { scan, names } = scanOf(await databaseAt(started.port), {
      pace: 'kind',
      // The server seems slower with each page, so pages become small.
      clock: {
        now: () => (now += Math.min(100, step++)),
        sleep(ms) {
          now += ms;
          return nextTurn();
        },
      },
    });
    const blows = [
      () => client.send('CLIENT', 'KILL', 'TYPE', 'normal'),
      () => started.kill().then(() => started.launch()),
    ];
    const states: string[] = [];
    let least = 200;
    scan.onDidProgress(({ state, shards: [shard] }) => {
      states.push(shard?.state ?? '');
      if (state !== 'scanning' || shard?.state !== 'scanning' || shard.seen < least) return;
      const blow = blows.shift();
      if (blow === undefined) return;
      least *= 4;
      scan.pause();
      void blow().then(() => {
        scan.resume();
      });
    });
    const progress = await scan.run();
    assert.deepEqual([progress.state, blows.length], ['complete', 0]);
    assert.deepEqual(names.sorted, numbered(3000).sort());
    assert.ok(states.includes('interrupted'));
  });

  it('brings names of a mebibyte, some at a time', async () => {
    const { port } = await server();
    const keys = Array.from({ length: 40 }, (_, number) => `${number}${'x'.repeat(1024 * 1024)}`);
    await filled(port, [...keys, ...numbered(100)]);
    for (const pace of ['kind', 'full'] as const) {
      const { scan, names } = scanOf(await databaseAt(port), { pace });
      assert.equal((await scan.run()).state, 'complete');
      assert.deepEqual(names.sorted, [...keys, ...numbered(100)].sort());
    }
  });

  it('waits for a server that is busy', async () => {
    const { port } = await server(['--busy-reply-threshold', '1']);
    const client = await filled(port, numbered(500));
    const { scan, names } = scanOf(await databaseAt(port), { pace: 'kind' });
    const problems: string[] = [];
    let loop: Promise<unknown> | undefined;
    scan.onDidProgress(({ shards: [shard] }) => {
      if (shard?.problem !== undefined) problems.push(shard.problem.code);
      if (shard?.state === 'scanning' && shard.seen > 0) loop ??= client.send('EVAL', 'while true do end', 0);
      if (shard?.state === 'interrupted') void kill();
    });
    const kill = async (): Promise<void> => {
      const other = await RespClient.connect(port);
      await other.send('SCRIPT', 'KILL');
      other.close();
    };
    assert.equal((await scan.run()).state, 'complete');
    await loop;
    assert.deepEqual([...new Set(problems)], ['database-busy']);
    assert.deepEqual(names.sorted, numbered(500).sort());
  });

  it('says which right is missing, and does without all but SCAN', async () => {
    const { port } = await server();
    const client = await filled(port, numbered(50));
    await client.send('ACL', 'SETUSER', 'default', '-info', '-dbsize');
    const without = scanOf(await databaseAt(port), { pace: 'full' });
    const { state, shards } = await without.scan.run();
    assert.equal(state, 'complete');
    assert.equal(shards[0]?.expected, undefined);
    assert.deepEqual(without.names.sorted, numbered(50).sort());
    await client.send('ACL', 'SETUSER', 'default', '-scan');
    const refused = await scanOf(await databaseAt(port), { pace: 'full' }).scan.run();
    assert.equal(refused.state, 'failed');
    assert.equal(refused.shards[0]?.problem?.code, 'database-right-missing');
  });
});

async function commandsOf(client: RespClient): Promise<string> {
  const told = await client.send('INFO', 'commandstats');
  return told instanceof Uint8Array ? Buffer.from(told).toString() : '';
}
