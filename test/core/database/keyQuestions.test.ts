import assert from 'node:assert/strict';
import { utf8 } from '../../../src/core/base/bytes';
import { Database } from '../../../src/core/database/database';
import { WireFailure } from '../../../src/core/redis/wire/wireFailure';
import { WireServer } from '../../support/wireServer';

describe('questions about many keys', () => {
  /** Of commands that were received; the connection is closed instead of an answer. */
  let hangsUpOn: string | undefined;
  let server: WireServer;
  let database: Database;

  beforeEach(async () => {
    hangsUpOn = undefined;
    server = await WireServer.start(([name = ''], socket) => {
      if (name === hangsUpOn) {
        hangsUpOn = undefined;
        socket.destroy();
        return undefined;
      }
      if (name === 'CLUSTER') return '-ERR This instance has cluster support disabled\r\n';
      return name === 'TYPE' ? '-MOVED 0 no host:6379\r\n' : ':1\r\n';
    });
    const endpoints = [{ kind: 'tcp', host: '127.0.0.1', port: server.port }] as const;
    const opened = await Database.open({ id: 'q', name: 'db', endpoints, own: true }, { limitMs: 5000 });
    assert.ok(opened.ok);
    database = opened.value;
  });
  afterEach(async () => {
    database.dispose();
    await server.stop();
  });

  const timesReceived = (command: string): number =>
    server.received.filter(([name]) => name === command).length;

  it('are asked again after the connection was closed, except those that may have changed something', async () => {
    hangsUpOn = 'UNLINK';
    const [changed, exists] = await database.askOwners([
      { key: utf8('a'), words: ['UNLINK', 'a'] },
      { key: utf8('b'), words: ['EXISTS', 'b'] },
    ]);
    assert.ok(changed instanceof WireFailure);
    assert.equal(changed.trouble, 'closed');
    assert.equal(exists, 1);
    assert.equal(timesReceived('UNLINK'), 1);
  });

  it('have their answers beside one that leads to no server', async () => {
    const [type, exists] = await database.askOwners([
      { key: utf8('a'), words: ['TYPE', 'a'] },
      { key: utf8('b'), words: ['EXISTS', 'b'] },
    ]);
    assert.ok(type instanceof Error);
    assert.equal(exists, 1);
    assert.equal(timesReceived('EXISTS'), 1);
  });
});
