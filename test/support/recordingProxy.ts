import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { takeCommand, type ReceivedCommand } from './wireServer';

/** Stands before a real server, passes everything on, and records every command that comes. */
export class RecordingProxy {
  readonly received: ReceivedCommand[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async before(port: number): Promise<RecordingProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new RecordingProxy(server, (server.address() as AddressInfo).port);
    server.on('connection', (client) => {
      const behind = connect(port, '127.0.0.1');
      let rest = '';
      client.on('data', (bytes) => {
        rest += bytes.toString('latin1');
        for (let taken = takeCommand(rest); taken !== undefined; taken = takeCommand(rest)) {
          rest = taken.rest;
          proxy.received.push(taken.command);
        }
      });
      client.pipe(behind).pipe(client);
      for (const socket of [client, behind]) {
        proxy.sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          client.destroy();
          behind.destroy();
        });
      }
    });
    return proxy;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}
