import assert from 'node:assert/strict';
import { utf8 } from '../../../src/core/base/bytes';
import { messageOf } from '../../../src/core/base/problem';
import { Database } from '../../../src/core/database/database';
import { slotOfKey } from '../../../src/core/redis/keySlot';
import { RedisFailure } from '../../../src/core/redis/redisFailure';
import { DatabaseCluster, type DatabaseServer } from '../../support/databaseServer';
import { textOf, type Reply } from '../../support/respClient';
import { until } from '../../support/startedRun';

describe('a database of three shards', function () {
  this.timeout(60_000);
  let cluster: DatabaseCluster;
  let database: Database;

  beforeEach(async () => {
    cluster = await DatabaseCluster.start();
    const { port } = cluster.servers[0]!;
    const endpoints = [{ kind: 'tcp', host: '127.0.0.1', port }] as const;
    const opened = await Database.open(
      { id: 'c', name: 'db', endpoints, own: true },
      { limitMs: 5000, beatMs: 100 },
    );
    assert.ok(opened.ok, opened.problems.map(messageOf).join());
    database = opened.value;
  });
  afterEach(async () => {
    database.dispose();
    await cluster.stop();
  });

  const idOf = async (server: DatabaseServer): Promise<string> => said(await server.send('CLUSTER', 'MYID'));
  const said = (reply: Reply): string => (reply instanceof Uint8Array ? textOf(reply) : String(reply));

  it('is known as a whole from one of its servers', async () => {
    assert.deepEqual(
      database.shards.map(({ name, slots }) => [name, slots]),
      cluster.servers.map(({ port }, place) => [
        `127.0.0.1:${port}`,
        [
          [
            [0, 5460],
            [5461, 10922],
            [10923, 16383],
          ][place],
        ],
      ]),
    );
    const keys = Array.from({ length: 50 }, (_, number) => utf8(`key${number}`));
    for (const key of keys) assert.equal(await database.askOwner(key, 'SET', key, key), 'OK');
    const lengths = await database.askOwners(keys.map((key) => ({ key, words: ['STRLEN', key] })));
    assert.deepEqual(
      lengths,
      keys.map(({ length }) => length),
    );
  });

  it('is followed while a slot moves, and after it', async () => {
    const key = utf8('{moving}key');
    const slot = slotOfKey(key);
    await database.askOwner(key, 'SET', key, 'value');
    const from = cluster.servers.find(({ port }) => database.shardOf(key).name.endsWith(`:${port}`))!;
    const to = cluster.servers.find((server) => server !== from)!;
    const [fromId, toId] = [await idOf(from), await idOf(to)];
    await to.send('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId);
    await from.send('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId);
    // Half of the slot has moved: the old owner says ASK for this key.
    assert.equal(await from.send('MIGRATE', '127.0.0.1', to.port, key, 0, 5000), 'OK');
    assert.equal(said(await from.send('GET', key)).includes('ASK '), true);
    assert.equal(await database.askOwner(key, 'STRLEN', key), 5);
    assert.deepEqual(await database.askOwners([{ key, words: ['STRLEN', key] }]), [5]);
    assert.ok(database.shardOf(key).name.endsWith(`:${from.port}`));
    for (const server of [to, from]) await server.send('CLUSTER', 'SETSLOT', slot, 'NODE', toId);
    let changes = 0;
    database.onDidChangeShards(() => (changes += 1));
    // Now it says MOVED.
    assert.equal(await database.askOwner(key, 'STRLEN', key), 5);
    assert.ok(database.shardOf(key).name.endsWith(`:${to.port}`));
    assert.equal(changes, 1);
  });

  it('is stale for one shard alone, whose keys have no answer, until that is back', async () => {
    const watch = database.watch();
    const [first, second] = [utf8('b'), utf8('a')].sort((a, b) => slotOfKey(a) - slotOfKey(b)) as [
      Uint8Array,
      Uint8Array,
    ];
    const lost = cluster.servers.find(({ port }) => database.shardOf(second).name.endsWith(`:${port}`))!;
    assert.notEqual(database.shardOf(first).name, database.shardOf(second).name);
    await lost.kill();
    await until('stale', () => database.state.kind === 'stale');
    assert.ok(database.state.kind === 'stale');
    assert.deepEqual(database.state.shards, [`127.0.0.1:${lost.port}`]);
    const [answer, failure] = await database.askOwners(
      [first, second].map((key) => ({ key, words: ['EXISTS', key] })),
    );
    assert.equal(answer, 0);
    assert.ok(failure instanceof RedisFailure);
    await lost.launch();
    await until('live', () => database.state.kind === 'live');
    watch.dispose();
  });

  it('is followed to the replica that has taken the place of a shard', async () => {
    const key = utf8('a');
    assert.equal(await database.askOwner(key, 'SET', key, 'value'), 'OK');
    const old = cluster.servers.find(({ port }) => database.shardOf(key).name.endsWith(`:${port}`))!;
    const replica = await cluster.addReplica(old);
    const watch = database.watch();
    await old.kill();
    await until('stale', () => database.state.kind === 'stale');
    await until('the replica', () => database.shardOf(key).name.endsWith(`:${replica.port}`));
    await until('live', () => database.state.kind === 'live');
    assert.equal(await database.askOwner(key, 'STRLEN', key), 5);
    watch.dispose();
  });
});
