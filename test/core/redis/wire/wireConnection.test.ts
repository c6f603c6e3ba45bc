import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { RedisFailure, RedisRefusal } from '../../../../src/core/redis/redisFailure';
import { ReplyBuilder } from '../../../../src/core/redis/wire/replyBuilder';
import { WireConnection, type WireOptions } from '../../../../src/core/redis/wire/wireConnection';
import { WireFailure, type WireTrouble } from '../../../../src/core/redis/wire/wireFailure';
import { WireServer } from '../../../support/wireServer';

const bounds = { replyBytes: 8 * 1024 ** 2, elements: 1000, depth: 4 };

describe('a connection', () => {
  let server: WireServer;
  let connection: WireConnection;

  async function connected(
    answer: Parameters<typeof WireServer.start>[0],
    more: Partial<WireOptions> = {},
    onConnection?: (socket: Socket) => void,
  ): Promise<void> {
    server = await WireServer.start(answer, onConnection);
    const endpoint = { kind: 'tcp', host: '127.0.0.1', port: server.port } as const;
    connection = await WireConnection.open(endpoint, { limitMs: 10_000, bounds, ...more });
  }

  afterEach(async () => {
    connection.dispose();
    await server.stop();
  });

  const failsBy = (trouble: WireTrouble) => (error: unknown) =>
    error instanceof WireFailure && (assert.equal(error.trouble, trouble, error.message), true);

  it('sends in one piece what is asked in one turn', async () => {
    await connected(() => '+OK\r\n');
    for (let turn = 1; turn <= 3; turn += 1) {
      await Promise.all(Array.from({ length: 200 }, () => connection.ask('PING')));
      assert.equal(server.pieces, turn);
    }
    assert.equal(server.received.length, 600);
  });

  it('sends bytes as they are, of any length, and in order', async () => {
    await connected(([, word = '']) => `$${word.length}\r\n${word}\r\n`);
    const words = [0, 1, 5000, 20_000, 3_000_000, 7].map((length, place) =>
      new Uint8Array(length).fill(0x80 + place),
    );
    const replies = await connection.askAll(words.map((word) => ['ECHO', word]));
    assert.deepEqual(replies, words);
  });

  it('leaves a server that does not answer a bounded number of commands', async () => {
    await connected(() => undefined);
    const asked = Array.from({ length: 5000 }, () => connection.ask('PING'));
    while (server.received.length < 1024) await delay(1);
    await delay(20);
    assert.equal(server.received.length, 1024);
    connection.dispose();
    await assert.rejects(Promise.all(asked), failsBy('given-up'));
  });

  it('leaves a server that does not read a bounded number of bytes', async () => {
    const written = await new Promise<number>((resolve, reject) => {
      // Reads nothing at all.
      const deaf = createServer({ pauseOnConnect: true }, (socket) => {
        socket.on('error', () => undefined);
        setTimeout(() => {
          const { writableLength } = (open as unknown as { readonly socket: Socket }).socket;
          open?.dispose();
          socket.destroy();
          deaf.close(() => {
            resolve(writableLength);
          });
        }, 100);
      });
      let open: WireConnection | undefined;
      deaf.listen(0, '127.0.0.1', () => {
        const { port } = deaf.address() as AddressInfo;
        WireConnection.open({ kind: 'tcp', host: '127.0.0.1', port }, { limitMs: 10_000, bounds }).then(
          (made) => {
            open = made;
            const word = new Uint8Array(100_000);
            made.askAll(Array.from({ length: 500 }, () => ['ECHO', word])).catch(() => undefined);
          },
          reject,
        );
      });
    });
    assert.ok(written < 2 * 1024 ** 2, `${written} bytes`);
    await connected(() => undefined);
  });

  it('gives up a server that says a byte now and then', async () => {
    const drips: NodeJS.Timeout[] = [];
    await connected(
      (_, socket) => {
        socket.write('$1000000\r\n');
        drips.push(setInterval(() => socket.destroyed || socket.write('x'), 20));
        return undefined;
      },
      { limitMs: 300 },
    );
    await assert.rejects(connection.ask('GET', 'a'), failsBy('silent'));
    for (const drip of drips) clearInterval(drip);
  });

  it('lets a large answer take longer than the limit while it moves on', async () => {
    const part = 'x'.repeat(100_000);
    await connected(
      (_, socket) => {
        socket.write('$1000000\r\n');
        for (let sent = 1; sent <= 10; sent += 1)
          setTimeout(() => socket.write(sent === 10 ? `${part}\r\n` : part), sent * 60);
        return undefined;
      },
      { limitMs: 300 },
    );
    const reply = await connection.ask('GET', 'a');
    assert.equal((reply as Uint8Array).length, 1_000_000);
  });

  for (const [what, said, trouble] of [
    ['garbage', 'HTTP/1.1 400\r\n', 'broken'],
    ['two answers to one question', '+OK\r\n+OK\r\n', 'broken'],
    ['a length beyond the bounds', '$9000000\r\n', 'broken'],
  ] as const)
    it(`ends with ${what}`, async () => {
      await connected(() => said);
      const asked = [connection.ask('PING').catch((error: unknown) => error)];
      const closed = new Promise<RedisFailure>((resolve) => {
        connection.onceClosed(resolve);
      });
      assert.ok(failsBy(trouble)(await closed));
      await Promise.all(asked);
      assert.equal(connection.isOpen, false);
      await assert.rejects(connection.ask('PING'), failsBy(trouble));
    });

  it('ends with the words of a server that does not want it', async () => {
    await connected(
      () => undefined,
      {},
      (socket) => socket.end('-DENIED Redis is running in protected mode\r\n'),
    );
    const failure = await new Promise<RedisFailure>((resolve) => {
      connection.onceClosed(resolve);
    });
    assert.ok(failure instanceof RedisRefusal);
    assert.match(failure.message, /^DENIED/);
  });

  it('fails all that was asked where the server closes it in the middle of an answer', async () => {
    await connected(([name], socket) => {
      if (name === 'LAST') socket.end('$5\r\nab');
      return undefined;
    });
    const asked = [connection.ask('FIRST'), connection.ask('LAST')];
    for (const one of asked) await assert.rejects(one, failsBy('closed'));
  });

  it('says where a server has closed it without any answer', async () => {
    await connected((_, socket) => {
      socket.destroy();
      return undefined;
    });
    await assert.rejects(connection.ask('PING'), failsBy('unanswered'));
  });

  it('goes on after a command that was given up, without its answer and without its rest', async () => {
    const sockets: Socket[] = [];
    await connected(
      ([name = '']) => (name === 'SLOW' ? undefined : `+${name}\r\n`),
      {},
      (socket) => sockets.push(socket),
    );
    const giveUp = new AbortController();
    const visitor = new ReplyBuilder();
    visitor.status = () => assert.fail('it was given up');
    const slow = connection.visit(['SLOW'], visitor, giveUp.signal);
    const unsent = connection.askAll(
      Array.from({ length: 3000 }, () => ['SLOW']),
      giveUp.signal,
    );
    while (server.received.length < 1024) await delay(1);
    giveUp.abort();
    await assert.rejects(slow, failsBy('given-up'));
    await assert.rejects(unsent, failsBy('given-up'));
    const after = connection.ask('AFTER');
    sockets[0]?.write('+LATE\r\n'.repeat(1024));
    assert.equal(await after, 'AFTER');
    assert.equal(server.received.length, 1025);
    await assert.rejects(connection.visit(['PING'], new ReplyBuilder(), giveUp.signal), failsBy('given-up'));
  });

  it('ends by its signal, also while it is made', async () => {
    const giveUp = new AbortController();
    await connected(() => undefined, { signal: giveUp.signal });
    const asked = connection.ask('PING');
    giveUp.abort();
    await assert.rejects(asked, failsBy('given-up'));
    const endpoint = { kind: 'tcp', host: '127.0.0.1', port: server.port } as const;
    await assert.rejects(
      WireConnection.open(endpoint, { limitMs: 10_000, bounds, signal: giveUp.signal }),
      failsBy('given-up'),
    );
  });

  it('ends with a visitor that cannot use an answer, whose failure its caller gets', async () => {
    await connected(() => ':1\r\n');
    const visitor = new ReplyBuilder();
    visitor.integer = () => {
      throw new Error('not this');
    };
    await assert.rejects(connection.visit(['PING'], visitor), /not this/);
    assert.equal(connection.isOpen, false);
  });

  it('does not send what is forbidden, nor anything with it', async () => {
    await connected(() => '+OK\r\n', {
      forbids: ([name]) => (name === 'DEL' ? new RedisFailure('no') : undefined),
    });
    await assert.rejects(connection.askAll([['PING'], ['DEL', 'a']]), /no/);
    assert.equal(await connection.ask('PING'), 'OK');
    assert.deepEqual(server.received, [['PING']]);
  });

  it('cannot be made where nobody answers', async () => {
    const deaf = createServer(() => undefined);
    deaf.listen(0, '127.0.0.1');
    await once(deaf, 'listening');
    const { port } = deaf.address() as AddressInfo;
    deaf.close();
    await once(deaf, 'close');
    await connected(() => undefined);
    await assert.rejects(
      WireConnection.open({ kind: 'tcp', host: '127.0.0.1', port }, { limitMs: 10_000, bounds }),
      failsBy('unreachable'),
    );
    await assert.rejects(
      WireConnection.open(
        { kind: 'tcp', host: '127.0.0.1', port: server.port, tls: {} },
        { limitMs: 200, bounds },
      ),
      failsBy('tls'),
    );
  });
});
