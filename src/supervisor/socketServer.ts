import { chmodSync, existsSync, watch, type FSWatcher } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import type { Log } from '../core/base/log';
import { preparePrivateDirectory } from '../core/run/runtimeDirectory';

/**
 * The socket on which a supervisor can be spoken to. Only its owner may connect: the directory is
 * 0700 and the socket 0600. It is made again when something removes it.
 */
export class SocketServer {
  private server: Server | undefined;
  private watcher: FSWatcher | undefined;
  private listening: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(
    private readonly path: string,
    private readonly onClient: (socket: Socket) => void,
    private readonly log: Log,
  ) {}

  /** Rejects with the system's error when the socket cannot be made. */
  async listen(): Promise<void> {
    await this.bind();
    const directory = path.dirname(this.path);
    this.watcher = watch(directory, () => {
      if (!this.closed && !existsSync(this.path)) this.listening = this.listening.then(() => this.restore());
    });
    this.watcher.on('error', () => undefined);
  }

  /** Takes no more clients, and removes the socket. */
  async close(): Promise<void> {
    this.closed = true;
    this.watcher?.close();
    await this.listening;
    // Node removes the socket with the server; open connections go on by themselves.
    this.server?.close();
  }

  private async restore(): Promise<void> {
    if (this.closed || existsSync(this.path)) return;
    try {
      this.server?.close();
      preparePrivateDirectory(path.dirname(this.path), process.getuid?.() ?? 0);
      await this.bind();
      this.log.warn(`${this.path} was removed, and was made again.`);
    } catch (error) {
      this.log.error(`${this.path} was removed and could not be made again: ${String(error)}`);
    }
  }

  private bind(): Promise<void> {
    const server = createServer(this.onClient);
    this.server = server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.path, () => {
        try {
          chmodSync(this.path, 0o600);
          resolve();
        } catch (error) {
          // It was removed in this very moment. Thrown from here, it would leave whoever waits waiting for ever.
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
  }
}
