import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { renderServerConfig } from '../../../src/core/plan/renderServerConfig';
import { freePort } from '../../support/freePort';
import { temporaryFolder } from '../../support/temporaryFolder';

describe('a rendered configuration', () => {
  const folder = temporaryFolder();
  let server: ChildProcess | undefined;

  afterEach(async () => {
    if (server?.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  });

  /** Sends one inline command and gives what comes back until `end` has come. */
  async function ask(port: number, command: string, end: string): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(10_000, () => socket.destroy(new Error(`no ${end} in time`)));
    socket.write(`${command}\r\n`);
    let reply = '';
    for await (const chunk of socket) {
      reply += String(chunk);
      if (reply.includes(end)) break;
    }
    return reply;
  }

  it('is understood by the real server, whatever values hold', async () => {
    const port = await freePort();
    const hostile = 'a "b" \\ \'c\'\nport 1\r\n\t größe # d';
    const { text } = renderServerConfig({
      addresses: ['127.0.0.1'],
      port,
      loopback: true,
      clientConfig: false,
      maxMemory: 123_456_789,
      conf: [
        { at: [], name: 'masterauth', args: [hostile] },
        { at: [], name: 'client-output-buffer-limit', args: ['pubsub', '16mb', '8mb', '60'] },
      ],
    });
    const file = path.join(folder.path, '-größe "x".conf');
    writeFileSync(file, text);
    server = spawn('redis-server', [file], { cwd: folder.path, stdio: ['ignore', 'pipe', 'inherit'] });
    const said: string[] = [];
    for await (const line of createInterface({ input: server.stdout! })) {
      said.push(line);
      if (line.includes('Ready to accept connections')) break;
    }
    assert.equal(server.exitCode, null, said.join('\n'));
    assert((await ask(port, 'CONFIG GET masterauth', '# d\r\n')).includes(hostile));
    assert.match(await ask(port, 'CONFIG GET maxmemory', '123456789'), /\r\n123456789\r\n/);
    assert.match(await ask(port, 'CONFIG GET proto-max-bulk-len', '68719476736'), /\r\n68719476736\r\n/);
    assert.match(await ask(port, 'CONFIG GET dir', folder.path), /\r\ndir\r\n/);
  });
});
