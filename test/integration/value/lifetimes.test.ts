import assert from 'node:assert/strict';
import { utf8 } from '../../../src/core/base/bytes';
import type { Database } from '../../../src/core/database/database';
import { slotOfKey } from '../../../src/core/redis/keySlot';
import { readDetails } from '../../../src/core/value/details/readDetails';
import { DatabaseCluster, type DatabaseServer } from '../../support/databaseServer';
import { EngineServer } from '../../support/engineServer';
import { lookedInto } from '../../support/lookedInto';
import { textOf, type Reply, type RespClient } from '../../support/respClient';

const said = (reply: Reply): string => (reply instanceof Uint8Array ? textOf(reply) : String(reply));
/** Enough that it pays to ask the shard first. */
const names = Array.from({ length: 30 }, (_, number) => `{a}${number}`);

async function expiringOf(database: Database): Promise<readonly string[]> {
  const found = await readDetails(database, names.map(utf8));
  return found.flatMap(({ key, kind, expiresAt }) => {
    assert.deepEqual([kind, expiresAt === undefined], ['string', false]);
    return expiresAt === null ? [] : [textOf(key)];
  });
}

describe('how long keys live', function () {
  this.timeout(60_000);
  let server: EngineServer;
  let client: RespClient;

  beforeEach(async () => {
    server = await EngineServer.start();
    client = await server.client();
    for (const name of names) await client.send('SET', name, 'value');
  });
  afterEach(() => server.stop());

  /** How often keys have been asked. */
  async function asked(): Promise<number> {
    const info = said(await client.send('INFO', 'commandstats'));
    return Number(/cmdstat_pttl:calls=(\d+)/.exec(info)?.[1] ?? 0);
  }

  it('is not asked key by key where the server says that none expires', async () => {
    const database = await lookedInto([server.port]);
    try {
      assert.deepEqual(await expiringOf(database), []);
      assert.equal(await asked(), 0);
      await client.send('PEXPIRE', names[3]!, 60_000);
      assert.deepEqual(await expiringOf(database), [names[3]]);
      assert.equal(await asked(), names.length);
    } finally {
      database.dispose();
    }
  });

  it('is asked key by key where the user may not know what the server says', async () => {
    await client.send('PEXPIRE', names[3]!, 60_000);
    await client.send('ACL', 'SETUSER', 'guest', 'on', '>secret', '~*', '+@all', '-info');
    const database = await lookedInto([server.port], { user: 'guest', secret: 'secret' });
    try {
      assert.deepEqual(await expiringOf(database), [names[3]]);
    } finally {
      database.dispose();
    }
  });
});

describe('how long keys of a cluster live', function () {
  this.timeout(60_000);
  let cluster: DatabaseCluster;
  let database: Database;

  beforeEach(async () => {
    cluster = await DatabaseCluster.start();
    database = await lookedInto([cluster.servers[0]!.port]);
  });
  afterEach(async () => {
    database.dispose();
    await cluster.stop();
  });

  it('is asked where they have gone while their slot moves', async () => {
    for (const name of names) await database.askOwner(utf8(name), 'SET', name, 'value');
    const slot = slotOfKey(utf8('a'));
    const owner = database.shardOf(utf8('a')).name;
    const isOwner = ({ port }: DatabaseServer): boolean => owner.endsWith(`:${port}`);
    const from = cluster.servers.find(isOwner)!;
    const to = cluster.servers.find((one) => !isOwner(one))!;
    await from.send('PEXPIRE', names[3]!, 60_000);
    await to.send('CLUSTER', 'SETSLOT', slot, 'IMPORTING', said(await from.send('CLUSTER', 'MYID')));
    await from.send('CLUSTER', 'SETSLOT', slot, 'MIGRATING', said(await to.send('CLUSTER', 'MYID')));
    for (const name of names.slice(0, 5))
      assert.equal(await from.send('MIGRATE', '127.0.0.1', to.port, name, 0, 5000), 'OK');
    // Of those that the owner still has, none expires.
    assert.match(said(await from.send('INFO', 'keyspace')), /expires=0/);
    assert.deepEqual(await expiringOf(database), [names[3]]);
  });
});
