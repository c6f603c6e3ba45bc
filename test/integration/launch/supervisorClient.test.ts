import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import { openRun } from '../../../src/core/run/openRun';
import { connectionOver } from '../../../src/core/run/socketConnection';
import { method, protocolVersion } from '../../../src/core/run/supervisorProtocol';
import { SupervisorClient } from '../../../src/core/run/supervisorClient';
import { runSnapshot } from '../../support/runSnapshots';
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

  it('can stop a run of a supervisor that is too new, and says that it is', async () => {
    const work = workDirectory();
    const snapshot = runSnapshot({ phase: 'stopped' });
    const asked: string[] = [];
    const server = createServer((socket) => {
      const connection = connectionOver(socket);
      connection.onRequest((name) => {
        asked.push(name);
        return name === method.hello
          ? { protocol: 9, minimum: 8, runId: snapshot.id, version: '9.0.0' }
          : { run: snapshot };
      });
      connection.listen();
    });
    const socketPath = path.join(work.path, 's.sock');
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    try {
      const run = await openRun({
        version: 1,
        id: snapshot.id,
        experiment: 'lattice',
        file: '/lattice.smartsim.yaml',
        runDirectory: path.join(work.path, 'none'),
        host: 'here',
        createdAt: 0,
        socket: socketPath,
      });
      assert.equal(run.live, false);
      assert.equal(run.snapshot.cause?.code, 'supervisor-too-new');
      assert.deepEqual(run.snapshot.cause.args, { theirs: 8, ours: protocolVersion });
      const stopped = await run.stop();
      assert.ok(stopped.ok);
      assert.equal(stopped.value.phase, 'stopped');
      assert.deepEqual(asked, ['hello', 'hello', 'stop']);
    } finally {
      server.close();
      work.remove();
    }
  });

  it('finds nobody where there is no socket', async () => {
    assert.equal(await SupervisorClient.connect('/no/such.sock'), undefined);
  });
});
