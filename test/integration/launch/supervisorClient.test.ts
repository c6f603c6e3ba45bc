import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import { SupervisorClient } from '../../../src/core/run/supervisorClient';
import { workDirectory } from '../../support/workDirectory';

describe('SupervisorClient', () => {
  /** What becomes of a client whose other side behaves so. */
  async function connectTo(behave: (socket: Socket) => void): Promise<SupervisorClient | undefined> {
    const work = workDirectory();
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      sockets.push(socket);
      behave(socket);
    });
    const socketPath = path.join(work.path, 's.sock');
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    try {
      return await SupervisorClient.connect(socketPath);
    } finally {
      for (const socket of sockets) socket.destroy();
      server.close();
      work.remove();
    }
  }

  // A rejection that nobody catches fails these tests.
  it('does not mind that the other side hangs up at once', async () => {
    assert.equal(await connectTo((socket) => socket.end()), undefined);
    assert.equal(await connectTo((socket) => socket.destroy()), undefined);
  });

  it('does not mind that the other side speaks nonsense', async () => {
    assert.equal(await connectTo((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')), undefined);
    assert.equal(await connectTo((socket) => socket.write('Content-Length: 3\r\n\r\n{"a')), undefined);
  });

  it('gives up on a side that says nothing', async () => {
    assert.equal(await connectTo(() => undefined), undefined);
  });

  it('finds nobody where there is no socket', async () => {
    assert.equal(await SupervisorClient.connect('/no/such.sock'), undefined);
  });
});
