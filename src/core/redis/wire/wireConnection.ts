import type { Socket } from 'node:net';
import type { Disposable } from '../../base/disposables';
import { RedisRefusal, type RedisFailure } from '../redisFailure';
import { CommandBuffer } from './commandBuffer';
import { dial } from './dial';
import type { Endpoint } from './endpoint';
import type { Reply, Words } from './reply';
import { ReplyBuilder } from './replyBuilder';
import { BrokenReply, ReplyParser, type ReplyBounds, type ReplyVisitor } from './replyParser';
import { WireFailure } from './wireFailure';

export interface WireOptions {
  /** Milliseconds in which a reply must have moved on by much, or ended; after them the connection is given up. */
  readonly limitMs: number;
  readonly bounds: ReplyBounds;
  /** Ends the connection. */
  readonly signal?: AbortSignal;
  /** Asked before a command leaves: what it answers is thrown instead. */
  readonly forbids?: (words: Words) => RedisFailure | undefined;
  /** Told of every command that the server refuses. */
  readonly onRefusal?: (words: Words, refusal: RedisRefusal) => void;
}

/** Commands that leave together, in a list of all that have no answer yet. */
interface Batch {
  readonly commands: readonly Words[];
  /** Of its commands; those that will not be sent any more are not counted. */
  count: number;
  sent: number;
  answered: number;
  visitor: ReplyVisitor;
  readonly onReply: (() => void) | undefined;
  readonly settle: (failure?: Error) => void;
  next: Batch | undefined;
}

/** Commands that a server has at a time. More would gain nothing, and have it hold the answers. */
const mostInFlight = 1024;
/** Bytes of commands that wait for the server to read them. */
const mostUnread = 1024 ** 2;
/** So much of an unfinished reply within the limit is a server that answers. */
const muchBytes = 64 * 1024;

/**
 * One connection to one server, made for looking: keys and values are bytes, commands go out without waiting for answers, and
 * what a server sends is held within bounds. It does not connect again by itself.
 */
export class WireConnection implements Disposable {
  private readonly socket: Socket;
  private readonly parser: ReplyParser;
  private readonly out = new CommandBuffer();
  /** The list of batches: the one that is answered, the one that is sent, the last. */
  private first: Batch | undefined;
  private unsent: Batch | undefined;
  private last: Batch | undefined;
  private inFlight = 0;
  private flushing = false;
  private reading = false;
  private readonly closeListeners: ((failure: RedisFailure) => void)[] = [];
  private failure: RedisFailure | undefined;
  private readonly opened: Promise<void>;
  private settleOpened: (failure?: RedisFailure) => void = () => undefined;
  private state: 'dialling' | 'reached' | 'open' | 'answered' = 'dialling';
  private readonly deadline: NodeJS.Timeout;
  private bytesSinceProgress = 0;
  private lastHeard = performance.now();

  private constructor(
    private readonly endpoint: Endpoint,
    private readonly options: WireOptions,
  ) {
    const { bounds, limitMs, signal } = options;
    this.socket = dial(endpoint, (bytes) => {
      this.take(bytes);
    });
    this.parser = new ReplyParser(bounds, {
      visitor: () => this.first?.visitor ?? this.unasked,
      ended: (refusal) => {
        this.replied(refusal);
      },
    });
    this.opened = new Promise((resolve, reject) => {
      this.settleOpened = (failure) => {
        if (failure === undefined) resolve();
        else reject(failure);
      };
    });
    this.deadline = setTimeout(() => {
      this.overdue();
    }, limitMs);
    this.listen();
    signal?.addEventListener('abort', this.giveUp, { once: true });
    if (signal?.aborted === true) this.giveUp();
  }

  /** Throws a RedisFailure. */
  static async open(endpoint: Endpoint, options: WireOptions): Promise<WireConnection> {
    const connection = new WireConnection(endpoint, options);
    await connection.opened;
    return connection;
  }

  /** One round trip. Throws a RedisFailure; a refusal too. */
  async ask(...words: Words): Promise<Reply> {
    const [reply = null] = await this.askAll([words]);
    if (reply instanceof RedisRefusal) throw reply;
    return reply;
  }

  /** Several commands in one round trip; each has its own answer, which may be a refusal. Throws a RedisFailure. */
  async askAll(commands: readonly Words[], signal?: AbortSignal): Promise<readonly Reply[]> {
    const builder = new ReplyBuilder();
    const replies: Reply[] = [];
    await this.visitAll(commands, builder, { signal, onReply: () => replies.push(builder.take()) });
    return replies;
  }

  /**
   * Sends a command and shows the parts of its reply to `visitor` as they come; resolves after the last. Throws a RedisFailure,
   * and what the visitor throws, which ends the connection.
   */
  visit(words: Words, visitor: ReplyVisitor, signal?: AbortSignal): Promise<void> {
    return this.visitAll([words], visitor, { signal });
  }

  /** The same for several commands; `onReply` after the last part of each reply. An aborted signal sends no more of them. */
  visitAll(
    commands: readonly Words[],
    visitor: ReplyVisitor,
    { signal, onReply }: { readonly signal?: AbortSignal | undefined; readonly onReply?: () => void } = {},
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const refused = this.failure ?? this.forbidden(commands) ?? abortion(signal);
      if (refused !== undefined || commands.length === 0) {
        if (refused === undefined) resolve();
        else reject(refused);
        return;
      }
      const batch: Batch = {
        ...{ commands, visitor, onReply, next: undefined },
        ...{ count: commands.length, sent: 0, answered: 0 },
        settle: (failure) => {
          signal?.removeEventListener('abort', abort);
          if (failure === undefined) resolve();
          else reject(failure);
        },
      };
      const abort = (): void => {
        batch.count = batch.sent;
        batch.visitor = ignoring;
        batch.settle(abortion(signal));
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.add(batch);
    });
  }

  /** Calls back once, when the server or we have closed it. */
  onceClosed(listener: (failure: RedisFailure) => void): void {
    if (this.failure === undefined) this.closeListeners.push(listener);
    else listener(this.failure);
  }

  get isOpen(): boolean {
    return this.failure === undefined;
  }

  /** When the server has said something last, by performance.now(). */
  get heardAt(): number {
    return this.lastHeard;
  }

  /** The address that the server's name led to; undefined where it has none. */
  get remoteHost(): string | undefined {
    return this.socket.remoteAddress;
  }

  dispose(): void {
    this.end(new WireFailure('given-up', 'the connection was closed'));
  }

  private readonly giveUp = (): void => {
    this.end(new WireFailure('given-up', 'given up'));
  };

  private listen(): void {
    const tls = this.endpoint.kind === 'tcp' && this.endpoint.tls !== undefined;
    const open = (): void => {
      this.state = 'open';
      this.settleOpened();
    };
    this.socket.once('connect', () => {
      if (tls) this.state = 'reached';
      else open();
    });
    if (tls) this.socket.once('secureConnect', open);
    this.socket.on('error', (error: NodeJS.ErrnoException) => {
      this.end(new WireFailure(this.troubleOf(error), reasonOf(error)));
    });
    this.socket.once('close', () => {
      this.end(new WireFailure(this.troubleOf(), 'the server closed the connection'));
    });
  }

  private troubleOf(error?: NodeJS.ErrnoException): WireFailure['trouble'] {
    if (this.state === 'dialling') return 'unreachable';
    if (this.state === 'reached' || error?.code?.startsWith('ERR_SSL') === true) return 'tls';
    return this.state === 'open' ? 'unanswered' : 'closed';
  }

  private forbidden(commands: readonly Words[]): RedisFailure | undefined {
    const { forbids } = this.options;
    if (forbids === undefined) return undefined;
    for (const words of commands) {
      const refused = forbids(words);
      if (refused !== undefined) return refused;
    }
    return undefined;
  }

  private add(batch: Batch): void {
    if (this.last !== undefined) this.last.next = batch;
    this.last = batch;
    this.first ??= batch;
    this.unsent ??= batch;
    if (this.flushing) return;
    if (this.reading) {
      // What a visitor asks leaves while the rest of the reply is read, so that neither side waits for the other.
      this.flush();
      return;
    }
    this.flushing = true;
    // Whatever is asked until then leaves in one piece.
    process.nextTick(() => {
      this.flushing = false;
      this.flush();
    });
  }

  private flush(): void {
    if (this.failure !== undefined) return;
    if (this.inFlight === 0) this.progressed();
    for (let batch = this.unsent; batch !== undefined; batch = this.unsent) {
      if (this.inFlight >= mostInFlight || this.socket.writableLength + this.out.length >= mostUnread) break;
      const words = batch.sent < batch.count ? batch.commands[batch.sent] : undefined;
      if (words === undefined) {
        this.unsent = batch.next;
        continue;
      }
      this.out.add(words);
      batch.sent += 1;
      this.inFlight += 1;
    }
    this.forgetAnswered();
    if (this.out.length > 0) this.socket.write(this.out.take());
  }

  private take(bytes: Uint8Array): void {
    this.state = 'answered';
    this.lastHeard = performance.now();
    this.bytesSinceProgress += bytes.length;
    this.reading = true;
    try {
      this.parser.take(bytes);
    } catch (error) {
      if (error instanceof BrokenReply)
        this.end(new WireFailure('broken', `the server sent ${error.message}`));
      else this.spoiled(error);
    } finally {
      this.reading = false;
    }
    if (this.bytesSinceProgress >= muchBytes) this.progressed();
    if (this.unsent !== undefined) this.flush();
  }

  private replied(refusal: RedisRefusal | undefined): void {
    const batch = this.first;
    if (batch === undefined) {
      if (refusal !== undefined) this.end(refusal);
      return;
    }
    const words = batch.commands[batch.answered];
    if (refusal !== undefined && words !== undefined) this.options.onRefusal?.(words, refusal);
    batch.answered += 1;
    this.inFlight -= 1;
    this.bytesSinceProgress = muchBytes;
    if (batch.visitor !== ignoring) {
      batch.onReply?.();
      if (batch.answered === batch.count) batch.settle();
    }
    this.forgetAnswered();
  }

  private forgetAnswered(): void {
    while (this.first?.answered === this.first?.count && this.first !== undefined) {
      if (this.unsent === this.first) this.unsent = this.first.next;
      if (this.last === this.first) this.last = undefined;
      this.first = this.first.next;
    }
  }

  /** The visitor threw: nobody knows what it has made of the rest. */
  private spoiled(error: unknown): void {
    this.first?.settle(error instanceof Error ? error : new Error(String(error)));
    this.end(new WireFailure('given-up', 'a reply could not be used'));
  }

  private progressed(): void {
    if (this.failure !== undefined) return;
    this.bytesSinceProgress = 0;
    this.deadline.refresh();
  }

  private overdue(): void {
    const seconds = this.options.limitMs / 1000;
    if (this.state === 'dialling')
      this.end(new WireFailure('unreachable', `no connection within ${seconds} seconds`));
    else if (this.state === 'reached')
      this.end(new WireFailure('tls', `no answer to TLS within ${seconds} seconds`));
    else if (this.inFlight > 0) this.end(new WireFailure('silent', `no answer within ${seconds} seconds`));
  }

  /** A server that does not want us says so before it is asked; all else that nobody has asked for is nonsense. */
  private readonly unasked: ReplyVisitor = {
    nil: notAsked,
    integer: notAsked,
    status: notAsked,
    refusal: () => undefined,
    bytes: notAsked,
    list: notAsked,
  };

  private end(failure: RedisFailure): void {
    if (this.failure !== undefined) return;
    this.failure = failure;
    clearTimeout(this.deadline);
    this.options.signal?.removeEventListener('abort', this.giveUp);
    this.socket.destroy();
    this.settleOpened(failure);
    for (let batch = this.first; batch !== undefined; batch = batch.next) batch.settle(failure);
    this.first = this.unsent = this.last = undefined;
    for (const listener of this.closeListeners.splice(0)) listener(failure);
  }
}

const ignoring: ReplyVisitor = {
  nil: () => undefined,
  integer: () => undefined,
  status: () => undefined,
  refusal: () => undefined,
  bytes: () => undefined,
  list: () => undefined,
};

function notAsked(): never {
  throw new BrokenReply('a reply that nobody has asked for');
}

function abortion(signal: AbortSignal | undefined): RedisFailure | undefined {
  return signal?.aborted === true ? new WireFailure('given-up', 'given up') : undefined;
}

/** A name that leads to several addresses fails with one error for each. */
function reasonOf(error: Error): string {
  const all = error instanceof AggregateError ? (error.errors as readonly unknown[]) : [error];
  return all.map((one) => (one instanceof Error ? one.message : String(one))).join(', ');
}
