import assert from 'node:assert/strict';
import { utf8 } from '../../../src/core/base/bytes';
import { isLooking } from '../../../src/core/database/allowedCommands';
import { Database } from '../../../src/core/database/database';
import { DatabaseFailure } from '../../../src/core/database/databaseFailure';
import type { Words } from '../../../src/core/redis/wire/reply';
import { WireServer } from '../../support/wireServer';

const looking: readonly Words[] = [
  ['PING'],
  ['scan', '0', 'COUNT', '100'],
  ['INFO', 'memory'],
  ['INFO', 'Server', 'keyspace'],
  ['OBJECT', 'ENCODING', 'key'],
  ['MEMORY', 'USAGE', 'key', 'SAMPLES', '5'],
  ['GETRANGE', new Uint8Array([0xff]), '0', '10'],
  ['AI.TENSORGET', 'key', 'META'],
  ['AI.MODELGET', 'key', 'META'],
  ['AI.INFO', 'key'],
  ['TENSOR.SLICE', 'key', ...Array.from({ length: 40 }, () => '0')],
];

const harmful: readonly Words[] = [
  ...(['SET', 'DEL', 'UNLINK', 'RENAME', 'EXPIRE', 'PERSIST', 'FLUSHALL', 'COPY', 'RESTORE'] as const).map(
    (name): Words => [name, 'key', 'value'],
  ),
  ...(
    ['KEYS', 'MONITOR', 'SHUTDOWN', 'EVAL', 'SORT', 'GETDEL', 'GETEX', 'SUBSCRIBE', 'DEBUG', 'BLPOP'] as const
  ).map((name): Words => [name, '*']),
  ['INFO'],
  ['INFO', 'modules'],
  ['INFO', 'everything'],
  ['INFO', 'memory', 'all'],
  ['INFO', ...Array.from({ length: 20 }, () => 'memory'), 'all'],
  ['CONFIG', 'GET', '*'],
  ['CONFIG', 'SET', 'dir', '/'],
  ['CLUSTER', 'FAILOVER'],
  ['CLIENT', 'KILL', 'ID', '1'],
  ['MEMORY', 'USAGE', 'key'],
  ['MEMORY', 'USAGE', 'key', 'SAMPLES', '0'],
  ['MEMORY', 'DOCTOR'],
  ['XINFO', 'CONSUMERS', 'key', 'group'],
  ['AI.MODELGET', 'key', 'BLOB'],
  ['AI.MODELGET', 'key', 'META', 'BLOB'],
  ['AI.SCRIPTGET', 'key', 'META', 'SOURCE'],
  ['AI.TENSORSET', 'key', 'FLOAT', '1'],
  ['AI.INFO', 'key', 'RESETSTAT'],
  ['AI.CONFIG', 'LOADBACKEND', 'TF', 'x.so'],
  ['constructor'],
  ['__proto__'],
  ['SET\r\n', 'a', 'b'],
  ['', 'a'],
];

describe('a database that is not ours', () => {
  let server: WireServer;
  let database: Database;

  beforeEach(async () => {
    server = await WireServer.start(([name]) =>
      name === 'CLUSTER' ? '-ERR This instance has cluster support disabled\r\n' : '+OK\r\n',
    );
    const endpoints = [{ kind: 'tcp', host: '127.0.0.1', port: server.port }] as const;
    const opened = await Database.open({ id: 'f', name: 'db', endpoints, own: false }, { limitMs: 5000 });
    assert.ok(opened.ok);
    database = opened.value;
  });
  afterEach(async () => {
    database.dispose();
    await server.stop();
  });

  it('sees commands that look', async () => {
    for (const words of looking) await database.askOwner(utf8('key'), ...words);
    assert.deepEqual(
      server.received.slice(-looking.length).map(([name]) => name),
      looking.map(([name]) => name),
    );
  });

  it('sees nothing else, by no way', async () => {
    const before = server.received.length;
    const [shard] = database.shards;
    const connection = await database.connection(shard!);
    const isLocked = (error: unknown): boolean =>
      error instanceof DatabaseFailure && error.problem.code === 'database-locked';
    for (const words of harmful) {
      await assert.rejects(database.askOwner(utf8('key'), ...words), isLocked, words.join(' '));
      await assert.rejects(connection.ask(...words), isLocked);
      await assert.rejects(connection.askAll([['PING'], words]), isLocked);
      const [answer] = await database.askOwners([{ key: utf8('key'), words }]);
      assert.ok(isLocked(answer));
    }
    assert.equal(server.received.length, before);
    for (const command of server.received) {
      const [name = '', ...args] = command;
      assert.ok(isLooking([name, ...args]), name);
    }
  });

  it('sees others after it was unlocked, and none after it was locked again', async () => {
    assert.equal(database.unlocked, false);
    database.unlock();
    assert.equal(await database.askOwner(utf8('key'), 'DEL', 'key'), 'OK');
    database.lock();
    await assert.rejects(database.askOwner(utf8('key'), 'DEL', 'key'), DatabaseFailure);
    assert.deepEqual(server.received.at(-1), ['DEL', 'key']);
  });
});
