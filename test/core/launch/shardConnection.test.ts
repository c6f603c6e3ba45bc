import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { ShardConnection } from '../../../src/core/launch/shardConnection';
import { RedisFailure } from '../../../src/core/redis/redisFailure';

describe('ShardConnection', () => {
  let server: Server;
  let sockets: Socket[];
  let held: ShardConnection;

  beforeEach(async () => {
    sockets = [];
    server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    held = new ShardConnection({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  });
  afterEach(async () => {
    held.dispose();
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });

  it('opens one connection, however many ask at once', async () => {
    const [first, ...others] = await Promise.all([held.get(), held.get(), held.get()]);
    for (const other of others) assert.equal(other, first);
    assert.equal(await held.get(), first);
    assert.equal(sockets.length, 1);
  });

  it('opens one other for all who ask after the server has closed it', async () => {
    const first = await held.get();
    const closed = new Promise<void>((resolve) => {
      first.onceClosed(resolve);
    });
    sockets[0]?.destroy();
    await closed;
    const [second, third] = await Promise.all([held.get(), held.get()]);
    assert.notEqual(second, first);
    assert.equal(third, second);
    assert.equal(sockets.length, 2);
  });

  it('gives up for those who wait when it is disposed of, and opens anew for who asks later', async () => {
    const waiting = [held.get(), held.get()];
    held.dispose();
    for (const one of waiting) await assert.rejects(one, RedisFailure);
    assert.equal((await held.get()).isOpen, true);
  });
});
