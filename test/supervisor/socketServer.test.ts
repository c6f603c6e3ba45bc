import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { silentLog } from '../../src/core/base/log';
import { SocketServer } from '../../src/supervisor/socketServer';
import { temporaryFolder } from '../support/temporaryFolder';

describe('SocketServer', () => {
  const folder = temporaryFolder();

  it('tells that its socket was removed in the moment in which it was made', async () => {
    const socket = path.join(folder.path, 's.sock');
    const server = new SocketServer(socket, () => undefined, silentLog);
    const listening = server.listen();
    rmSync(socket);
    try {
      await assert.rejects(listening, { code: 'ENOENT' });
    } finally {
      await server.close();
    }
  });
});
