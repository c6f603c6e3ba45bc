import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * Stands between a client and a server at a port of its own, and passes on what they say. `onSent` sees what the client
 * sends, command by command as long as it waits for its answers, before the server does, and may change it.
 */
export class ServerLink {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    readonly port: number,
  ) {}

  static async to(port: number, onSent: (said: string) => string | Promise<string>): Promise<ServerLink> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const link = new ServerLink(server, (server.address() as AddressInfo).port);
    server.on('connection', (client) => {
      const upstream = connect(port, '127.0.0.1');
      for (const [one, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        link.sockets.add(one);
        one.on('error', () => undefined);
        one.once('close', () => other.destroy());
      }
      upstream.pipe(client);
      // One after the other: what is sent later stays later.
      let before = Promise.resolve();
      client.on('data', (bytes) => {
        before = before.then(async () => {
          upstream.write(await onSent(bytes.toString('latin1')), 'latin1');
        });
      });
    });
    return link;
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}
