import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { encodeCommand, type Argument } from './respClient';

/** A command as a server has received it, as texts. */
export type ReceivedCommand = readonly string[];

/**
 * A server whose answers a test makes up: bytes for each command, or nothing. It records every command, and every connection.
 * Shares no code with the product.
 */
export class WireServer {
  readonly received: ReceivedCommand[] = [];
  /** Pieces in which commands have come. */
  pieces = 0;
  /** Of each connection so far, milliseconds of a clock that only moves on. */
  readonly connectedAt: number[] = [];
  private readonly sockets = new Set<Socket>();

  get connections(): number {
    return this.connectedAt.length;
  }

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(
    answer: (command: ReceivedCommand, socket: Socket) => string | Uint8Array | undefined,
    onConnection?: (socket: Socket) => void,
  ): Promise<WireServer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const made = new WireServer(server, (server.address() as AddressInfo).port);
    server.on('connection', (socket) => {
      made.connectedAt.push(performance.now());
      made.sockets.add(socket);
      onConnection?.(socket);
      let rest = '';
      socket.on('error', () => undefined);
      socket.on('close', () => made.sockets.delete(socket));
      socket.on('data', (bytes) => {
        made.pieces += 1;
        rest += bytes.toString('latin1');
        for (let taken = takeCommand(rest); taken !== undefined; taken = takeCommand(rest)) {
          rest = taken.rest;
          made.received.push(taken.command);
          const said = answer(taken.command, socket);
          if (said !== undefined && !socket.destroyed) write(socket, said);
        }
      });
    });
    return made;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}

function write(socket: Socket, said: string | Uint8Array): void {
  if (typeof said === 'string') socket.write(said, 'latin1');
  else socket.write(said);
}

/** A list of texts as a reply, which has the form of a command. */
export function listReply(...words: readonly Argument[]): string {
  return Buffer.from(encodeCommand(words)).toString('latin1');
}

/** The first command of some bytes as latin1, and what follows it; nothing where it has not come as a whole. */
export function takeCommand(
  text: string,
): { readonly command: ReceivedCommand; readonly rest: string } | undefined {
  const head = /^\*(\d+)\r\n/.exec(text);
  if (head === null) return undefined;
  let at = head[0].length;
  const command: string[] = [];
  for (let word = 0; word < Number(head[1]); word += 1) {
    const length = /^\$(\d+)\r\n/.exec(text.slice(at, at + 16));
    if (length === null) return undefined;
    const from = at + length[0].length;
    at = from + Number(length[1]) + 2;
    if (text.length < at) return undefined;
    command.push(text.slice(from, at - 2));
  }
  return { command, rest: text.slice(at) };
}
