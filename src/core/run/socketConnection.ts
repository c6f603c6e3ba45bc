import type { Socket } from 'node:net';
import {
  createMessageConnection,
  SocketMessageReader,
  SocketMessageWriter,
  type Message,
  type MessageConnection,
} from 'vscode-jsonrpc/node';

/** Messages of the supervisor's protocol over a socket. Its owner listens to `onClose`, and disposes of it. */
export function connectionOver(socket: Socket): MessageConnection {
  return createMessageConnection(new SocketMessageReader(socket), new Writer(socket));
}

/**
 * A message that cannot be written ends the connection, and with it every question that is open.
 * The library rejects a promise of its own that nobody can catch when the message was a request:
 * that would end the whole process each time the other side ends a moment before a question.
 */
class Writer extends SocketMessageWriter {
  constructor(private readonly stream: Socket) {
    super(stream);
  }

  override async write(message: Message): Promise<void> {
    try {
      await super.write(message);
    } catch {
      this.stream.destroy();
    }
  }
}
