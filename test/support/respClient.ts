import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** An error that the server replied with; its message is the server's text. */
export class ReplyError extends Error {}

/** Simple strings as text, bulk strings as bytes, integers as numbers or, beyond 2^53, as bigints. */
export type Reply = string | Uint8Array | number | bigint | boolean | null | ReplyError | readonly Reply[];

export type Argument = string | number | bigint | Uint8Array;

/** An array whose parts are still coming. */
interface OpenArray {
  readonly parts: Reply[];
  readonly length: number;
}

/** Turns bytes into replies, going over each byte once. Maps and sets of RESP3 are given as the array of their parts. */
class ReplyParser {
  private bytes: Uint8Array = new Uint8Array(0);
  private at = 0;
  private chunks: Uint8Array[] = [];
  private received = 0;
  /** With fewer bytes than these there is nothing new to see. */
  private needed = 1;
  private readonly open: OpenArray[] = [];

  /** Takes what has come; returns the replies that are whole now. */
  take(chunk: Uint8Array): readonly Reply[] {
    this.chunks.push(chunk);
    this.received += chunk.length;
    if (this.received < this.needed) return [];
    this.bytes = this.chunks.length === 1 ? chunk : joined(this.chunks);
    this.at = 0;
    this.needed = 1;
    const whole: Reply[] = [];
    for (let part = this.next(); part !== undefined; part = this.next()) this.place(part, whole);
    const rest = this.bytes.subarray(this.at);
    this.chunks = rest.length > 0 ? [rest] : [];
    this.received = rest.length;
    return whole;
  }

  /** Puts a part where it belongs: into the innermost open array, or among the whole replies. */
  private place(part: Reply | OpenArray, whole: Reply[]): void {
    if (isOpenArray(part) && part.length > 0) {
      this.open.push(part);
      return;
    }
    let reply: Reply = isOpenArray(part) ? part.parts : part;
    for (let array = this.open.at(-1); array; array = this.open.at(-1)) {
      array.parts.push(reply);
      if (array.parts.length < array.length) return;
      reply = array.parts;
      this.open.pop();
    }
    whole.push(reply);
  }

  /** The next part, or nothing if it has not come as a whole. */
  private next(): Reply | OpenArray | undefined {
    const { bytes, at } = this;
    const lineEnd = bytes.indexOf(0x0d, at);
    if (lineEnd < 0 || lineEnd + 2 > bytes.length) {
      this.needed = bytes.length - at + 1;
      return undefined;
    }
    const line = textOf(bytes.subarray(at + 1, lineEnd));
    const kind = String.fromCharCode(bytes[at]!);
    if (kind === '$' || kind === '=') return this.bulk(lineEnd + 2, Number(line));
    this.at = lineEnd + 2;
    if ('*~%>'.includes(kind)) return arrayOf(Number(line) * (kind === '%' ? 2 : 1));
    return scalarOf(kind, line);
  }

  private bulk(start: number, length: number): Uint8Array | null | undefined {
    if (length < 0) {
      this.at = start;
      return null;
    }
    const end = start + length + 2;
    if (this.bytes.length < end) {
      this.needed = end - this.at;
      return undefined;
    }
    this.at = end;
    return this.bytes.slice(start, start + length);
  }
}

const isOpenArray = (part: Reply | OpenArray): part is OpenArray =>
  typeof part === 'object' && part !== null && 'parts' in part;

const arrayOf = (length: number): OpenArray | null => (length < 0 ? null : { parts: [], length });

function scalarOf(kind: string, line: string): Reply {
  switch (kind) {
    case '+':
      return line;
    case '-':
      return new ReplyError(line);
    case ':':
      return Number.isSafeInteger(Number(line)) ? Number(line) : BigInt(line);
    case ',':
      return line === 'inf' ? Infinity : line === '-inf' ? -Infinity : Number(line);
    case '#':
      return line === 't';
    case '_':
      return null;
    default:
      throw new Error(`This is no reply: ${JSON.stringify(kind + line)}`);
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
  const parts: (string | Uint8Array)[] = [`*${args.length}\r\n`];
  for (const argument of args) {
    if (argument instanceof Uint8Array) {
      parts.push(`$${argument.length}\r\n`, argument, '\r\n');
    } else {
      const text = String(argument);
      parts.push(`$${Buffer.byteLength(text)}\r\n${text}\r\n`);
    }
  }
  const texts = parts.filter((part) => typeof part === 'string');
  // Most commands are text alone: then one encoding is enough.
  if (texts.length === parts.length) return encoder.encode(texts.join(''));
  return joined(parts.map((part) => (typeof part === 'string' ? encoder.encode(part) : part)));
}

/** A plain connection that hides nothing: every reply as it came, errors too. Shares no code with the product. */
export class RespClient {
  private readonly waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void }[] = [];
  private readonly parser = new ReplyParser();
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
    for (const reply of this.parser.take(chunk)) {
      const asked = this.waiting.shift();
      if (asked) asked.resolve(reply);
      else this.pushed.push(reply);
    }
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}
