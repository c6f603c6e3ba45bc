import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Disposable } from '../../base/disposables';
import { RedisFailure, RedisRefusal } from '../redisFailure';
import { encodeCommand } from './encodeCommand';
import type { Endpoint } from './endpoint';
import type { Reply, Words } from './reply';
import { ReplyBuilder } from './replyBuilder';
import { BrokenReply, ReplyParser, type ReplyBounds, type ReplyVisitor } from './replyParser';

export interface WireOptions {
  /** Milliseconds without an answer after which the connection is given up. */
  readonly limitMs: number;
  readonly bounds: ReplyBounds;
  readonly signal?: AbortSignal;
}

interface Waiting {
  readonly visitor: ReplyVisitor;
  readonly done: () => void;
  readonly failed: (failure: RedisFailure) => void;
}

/**
 * One connection to one server, made for looking: keys and values are bytes, commands go out without waiting for answers, and
 * what a server sends is held within bounds. It does not connect again by itself.
 */
export class WireConnection implements Disposable {
  private readonly waiting: Waiting[] = [];
  private readonly parser: ReplyParser;
  private readonly closeListeners: (() => void)[] = [];
  private failure: RedisFailure | undefined;

  private constructor(
    private readonly socket: Socket,
    { bounds, limitMs }: WireOptions,
  ) {
    this.parser = new ReplyParser(
      bounds,
      () => this.first().visitor,
      () => {
        this.waiting.shift()?.done();
      },
    );
    socket.setTimeout(limitMs, () => {
      if (this.waiting.length > 0) this.end(new RedisFailure(`no answer within ${limitMs / 1000} seconds`));
    });
    socket.on('data', (bytes) => {
      this.take(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
    });
    socket.on('error', (error) => {
      this.end(new RedisFailure(error.message));
    });
    socket.once('close', () => {
      this.end(new RedisFailure('the server closed the connection'));
    });
  }

  /** Throws a RedisFailure. */
  static async open(endpoint: Endpoint, options: WireOptions): Promise<WireConnection> {
    return new WireConnection(await connectedSocket(endpoint, options), options);
  }

  /** One round trip. Throws a RedisFailure; a refusal too. */
  async ask(...words: Words): Promise<Reply> {
    const [reply = null] = await this.askAll([words]);
    if (reply instanceof RedisRefusal) throw reply;
    return reply;
  }

  /** Several commands in one round trip; each has its own answer, which may be a refusal. Throws a RedisFailure. */
  askAll(commands: readonly Words[]): Promise<readonly Reply[]> {
    return Promise.all(
      commands.map(async (words) => {
        const builder = new ReplyBuilder();
        await this.visit(words, builder);
        return builder.reply;
      }),
    );
  }

  /** Sends a command and shows the parts of its reply to `visitor` as they come; resolves after the last. Throws a RedisFailure. */
  visit(words: Words, visitor: ReplyVisitor): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.failure !== undefined) {
        reject(this.failure);
        return;
      }
      this.waiting.push({ visitor, done: resolve, failed: reject });
      this.socket.write(encodeCommand(words));
    });
  }

  /** Calls back once, when the server or we have closed it. */
  onceClosed(listener: () => void): void {
    if (this.failure === undefined) this.closeListeners.push(listener);
    else listener();
  }

  get isOpen(): boolean {
    return this.failure === undefined;
  }

  dispose(): void {
    this.end(new RedisFailure('the connection was closed'));
  }

  private first(): Waiting {
    const [first] = this.waiting;
    if (first === undefined) throw new BrokenReply('a reply to nothing');
    return first;
  }

  private take(bytes: Uint8Array): void {
    try {
      this.parser.take(bytes);
    } catch (error) {
      if (!(error instanceof BrokenReply)) throw error;
      this.end(new RedisFailure(`the server sent ${error.message}`));
    }
  }

  private end(failure: RedisFailure): void {
    if (this.failure !== undefined) return;
    this.failure = failure;
    this.socket.destroy();
    for (const { failed } of this.waiting.splice(0)) failed(failure);
    for (const listener of this.closeListeners.splice(0)) listener();
  }
}

function connectedSocket(endpoint: Endpoint, { limitMs, signal }: WireOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const socket = dial(endpoint);
    const settle = (failure?: Error): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
      socket.removeListener('error', settle);
      if (failure === undefined) {
        resolve(socket);
        return;
      }
      socket.on('error', () => undefined);
      socket.destroy();
      reject(failure instanceof RedisFailure ? failure : new RedisFailure(failure.message));
    };
    const giveUp = (): void => {
      settle(new RedisFailure('given up'));
    };
    const timer = setTimeout(() => {
      settle(new RedisFailure(`no connection within ${limitMs / 1000} seconds`));
    }, limitMs);
    signal?.addEventListener('abort', giveUp, { once: true });
    socket.once('error', settle);
    socket.once(endpoint.kind === 'tcp' && endpoint.tls !== undefined ? 'secureConnect' : 'connect', () => {
      settle();
    });
  });
}

function dial(endpoint: Endpoint): Socket {
  if (endpoint.kind === 'socket') return connectPlain({ path: endpoint.path });
  const { host, port, tls } = endpoint;
  if (tls === undefined) return connectPlain({ host, port, noDelay: true });
  const { ca, certificate: cert, key, serverName: servername } = tls;
  return connectTls({ host, port, ca, cert, key, ...(servername === undefined ? {} : { servername }) });
}
