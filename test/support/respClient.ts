import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** An error that the server replied with; its message is the server's text. */
export class ReplyError extends Error {}

/** Simple strings as text, bulk strings as bytes, integers as numbers or, beyond 2^53, as bigints. */
export type Reply = string | Uint8Array | number | bigint | boolean | null | ReplyError | readonly Reply[];

export type Argument = string | number | bigint | Uint8Array;

/** Thrown by the parser: so many bytes must be there, counted from the beginning of the reply. */
class Incomplete extends Error {
  constructor(readonly needed: number) {
    super();
  }
}

/** One reply and the offset behind it. Maps and sets of RESP3 are given as the array of their parts. */
function parse(bytes: Uint8Array, start: number): { reply: Reply; end: number } {
  const lineEnd = bytes.indexOf(0x0d, start);
  if (lineEnd < 0 || lineEnd + 2 > bytes.length) throw new Incomplete(bytes.length + 1);
  const line = textOf(bytes.subarray(start + 1, lineEnd));
  const end = lineEnd + 2;
  const kind = String.fromCharCode(bytes[start]!);
  switch (kind) {
    case '+':
      return { reply: line, end };
    case '-':
      return { reply: new ReplyError(line), end };
    case ':': {
      const small = Number(line);
      return { reply: Number.isSafeInteger(small) ? small : BigInt(line), end };
    }
    case ',':
      return { reply: line === 'inf' ? Infinity : line === '-inf' ? -Infinity : Number(line), end };
    case '#':
      return { reply: line === 't', end };
    case '_':
      return { reply: null, end };
    case '$':
    case '=': {
      const length = Number(line);
      if (length < 0) return { reply: null, end };
      if (bytes.length < end + length + 2) throw new Incomplete(end + length + 2);
      return { reply: new Uint8Array(bytes.subarray(end, end + length)), end: end + length + 2 };
    }
    case '*':
    case '~':
    case '%':
    case '>': {
      const count = Number(line) * (kind === '%' ? 2 : 1);
      if (count < 0) return { reply: null, end };
      const parts: Reply[] = [];
      let at = end;
      for (let i = 0; i < count; i++) {
        const part = parse(bytes, at);
        parts.push(part.reply);
        at = part.end;
      }
      return { reply: parts, end: at };
    }
    default:
      throw new Error(`This is no reply: ${JSON.stringify(textOf(bytes.subarray(start, start + 40)))}`);
  }
}

/** The text of bytes, byte by byte: latin1. */
export const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length).toString('latin1');

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const encoder = new TextEncoder();

/** The bytes of a command. */
export function encodeCommand(args: readonly Argument[]): Uint8Array {
  const parts = [encoder.encode(`*${args.length}\r\n`)];
  for (const argument of args) {
    const bytes = argument instanceof Uint8Array ? argument : encoder.encode(String(argument));
    parts.push(encoder.encode(`$${bytes.length}\r\n`), bytes, encoder.encode('\r\n'));
  }
  return joined(parts);
}

/** A plain connection that hides nothing: every reply as it came, errors too. Shares no code with the product. */
export class RespClient {
  private readonly waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void }[] = [];
  private chunks: Uint8Array[] = [];
  private received = 0;
  private needed = 1;
  /** What came without having been asked for, as pub/sub messages do. */
  readonly pushed: Reply[] = [];

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      this.take(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
    });
    socket.on('error', (error) => {
      this.fail(error);
    });
    socket.on('close', () => {
      this.fail(new Error('The server closed the connection.'));
    });
  }

  static async connect(port: number): Promise<RespClient> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new RespClient(socket);
  }

  /** Sends a command; resolves with its reply, be it an error. Several may be under way. */
  send(...args: Argument[]): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.socket.destroyed) {
        reject(new Error('The connection is closed.'));
        return;
      }
      this.waiting.push({ resolve, reject });
      this.socket.write(encodeCommand(args));
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private take(chunk: Uint8Array): void {
    this.chunks.push(chunk);
    this.received += chunk.length;
    if (this.received < this.needed) return;
    const bytes = this.chunks.length === 1 ? chunk : joined(this.chunks);
    let at = 0;
    this.needed = 1;
    while (at < bytes.length) {
      try {
        const { reply, end } = parse(bytes, at);
        at = end;
        const asked = this.waiting.shift();
        if (asked) asked.resolve(reply);
        else this.pushed.push(reply);
      } catch (error) {
        if (!(error instanceof Incomplete)) {
          this.socket.destroy(error as Error);
          return;
        }
        this.needed = error.needed - at;
        break;
      }
    }
    const rest = bytes.subarray(at);
    this.chunks = rest.length > 0 ? [rest] : [];
    this.received = rest.length;
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}
