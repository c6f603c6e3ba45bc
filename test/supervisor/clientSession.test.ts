import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { Emitter } from '../../src/core/base/event';
import { silentLog } from '../../src/core/base/log';
import type { RecordedEvent } from '../../src/core/deployment/runEvents';
import type { RunRecorder } from '../../src/core/run/runRecorder';
import { connectionOver } from '../../src/core/run/socketConnection';
import { method, protocolVersion } from '../../src/core/run/supervisorProtocol';
import { ClientSession } from '../../src/supervisor/clientSession';
import { RunOwner } from '../../src/supervisor/runOwner';
import { runSnapshot } from '../support/runSnapshots';
import { temporaryFolder } from '../support/temporaryFolder';

/** Milliseconds. */
const patience = 100;

describe('ClientSession', () => {
  const folder = temporaryFolder();
  const events = new Emitter<RecordedEvent>();
  let server: Server;
  let socket: Socket;
  let client: MessageConnection;
  let dropped: Promise<unknown>;

  beforeEach(async () => {
    const address = path.join(folder.path, 's.sock');
    const owner = Object.create(RunOwner.prototype) as RunOwner;
    const recorder = { snapshot: runSnapshot(), onDidRecord: events.event } as unknown as RunRecorder;
    dropped = new Promise((resolve) => {
      server = createServer((accepted) => {
        const run = { owner, recorder, log: silentLog, patience };
        new ClientSession(accepted, run, () => {
          resolve(undefined);
        });
      }).listen(address);
    });
    await once(server, 'listening');
    socket = connect(address);
    client = connectionOver(socket);
    client.listen();
    await client.sendRequest(method.hello, { protocol: protocolVersion });
    await client.sendRequest(method.subscribe, {});
  });
  afterEach(async () => {
    client.dispose();
    socket.destroy();
    server.close();
    await once(server, 'close');
  });

  /** Tells events for longer than the patience lasts. */
  async function tellMany(until: () => boolean): Promise<void> {
    const reason = 'x'.repeat(100_000);
    const event = { type: 'shards-measured', measurements: [], reason } as unknown as RecordedEvent['event'];
    for (let sequence = 1; !until() && sequence < 1000; sequence += 1) {
      events.fire({ sequence, at: 0, elapsedMs: 0, event });
      await delay(5);
    }
  }

  it('drops a client that reads nothing any more', async () => {
    let gone = false;
    void dropped.then(() => {
      gone = true;
    });
    socket.pause();
    await tellMany(() => gone);
    assert.ok(gone);
  });

  it('keeps a client that reads', async () => {
    let read = 0;
    client.onNotification(method.event, () => {
      read += 1;
    });
    await tellMany(() => read > 50);
    await client.sendRequest(method.hello, { protocol: protocolVersion });
    assert.ok(read > 50);
  });
});
