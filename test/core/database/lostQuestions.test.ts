import assert from 'node:assert/strict';
import { utf8 } from '../../../src/core/base/bytes';
import { messageOf } from '../../../src/core/base/problem';
import { Database } from '../../../src/core/database/database';
import { RedisFailure } from '../../../src/core/redis/redisFailure';
import { WireServer } from '../../support/wireServer';

describe('questions whose connection is lost', () => {
  const key = utf8('k');
  let server: WireServer;
  let database: Database;

  beforeEach(async () => {
    server = await WireServer.start(([name], socket) => {
      if (name === 'CLUSTER') return '-ERR This instance has cluster support disabled\r\n';
      if (name === 'STRLEN') return ':5\r\n';
      if (name !== 'UNLINK') return '+PONG\r\n';
      socket.destroy();
      return undefined;
    });
    const endpoints = [{ kind: 'tcp', host: '127.0.0.1', port: server.port }] as const;
    const opened = await Database.open({ id: 's', name: 'db', endpoints, own: true }, { limitMs: 5000 });
    assert.ok(opened.ok, opened.problems.map(messageOf).join());
    database = opened.value;
  });
  afterEach(async () => {
    database.dispose();
    await server.stop();
  });

  it('are asked once more where they look, and never where they may have changed something', async () => {
    const [removed, length] = await database.askOwners([
      { key, words: ['UNLINK', key] },
      { key, words: ['STRLEN', key] },
    ]);
    assert.ok(removed instanceof RedisFailure);
    assert.equal(length, 5);
    await assert.rejects(database.askOwner(key, 'UNLINK', key), RedisFailure);
    assert.equal(server.received.filter(([name]) => name === 'UNLINK').length, 2);
  });
});
