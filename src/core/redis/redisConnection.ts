import { Redis } from 'ioredis';
import type { Disposable } from '../base/disposables';
import { RedisFailure, RedisRefusal } from './redisFailure';

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
}

/** A user of a server, and what proves it. Never part of a message. */
export interface RedisCredentials {
  readonly user: string;
  readonly secret: string;
}

export type RedisCommand = readonly [name: string, ...args: string[]];

/**
 * One held connection to one server. It does not connect again by itself: the end of the
 * connection is news, and whoever holds it decides.
 */
export class RedisConnection implements Disposable {
  private constructor(private readonly client: Redis) {}

  /**
   * Connects, and logs in where there are credentials; `limitMs` is the limit for each of the two and for every later
   * command. An aborted `signal` gives the attempt up. Throws a RedisFailure.
   */
  static async open(
    { host, port }: RedisAddress,
    limitMs: number,
    { signal, credentials }: { readonly signal?: AbortSignal; readonly credentials?: RedisCredentials } = {},
  ): Promise<RedisConnection> {
    const client = new Redis({
      host,
      port,
      protocol: 2,
      // Integers come as texts: those beyond 2^53 would be rounded.
      stringNumbers: true,
      lazyConnect: true,
      connectTimeout: limitMs,
      commandTimeout: limitMs,
      retryStrategy: () => null,
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
      enableReadyCheck: false,
      disableClientInfo: true,
      // One that does not answer does not close its side either: its socket would stay for seconds.
      disconnectTimeout: 100,
    });
    // Without a listener a connection error would end our process; callers learn of it by their command.
    client.on('error', () => undefined);
    const giveUp = (): void => {
      client.disconnect();
    };
    signal?.addEventListener('abort', giveUp, { once: true });
    try {
      await client.connect();
      if (credentials !== undefined) await client.call('AUTH', credentials.user, credentials.secret);
    } catch (error) {
      client.disconnect();
      throw asFailure(error);
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
    return new RedisConnection(client);
  }

  /** One round trip. Throws a RedisFailure. */
  async command(...[name, ...args]: RedisCommand): Promise<unknown> {
    try {
      return await this.client.call(name, ...args);
    } catch (error) {
      throw asFailure(error);
    }
  }

  /** The same with bytes: keys and values are sent as they are, and texts of the reply are bytes. */
  async commandForBytes(name: string, ...args: readonly (string | Uint8Array)[]): Promise<unknown> {
    try {
      return await this.client.callBuffer(name, args.map(asArgument));
    } catch (error) {
      throw asFailure(error);
    }
  }

  /** Several commands in one round trip; answers in their order. Throws the first refusal as a RedisFailure. */
  async commands(all: readonly RedisCommand[]): Promise<readonly unknown[]> {
    return Promise.all(all.map((one) => this.command(...one)));
  }

  /** Calls back once, when the server or we have closed it. */
  onceClosed(listener: () => void): void {
    this.client.once('close', listener);
  }

  /** False after the server or we have closed it: then nothing can be asked over it any more. */
  get isOpen(): boolean {
    return this.client.status === 'ready' || this.client.status === 'connect';
  }

  dispose(): void {
    this.client.disconnect();
  }
}

/** The client library takes bytes as Buffers alone. */
function asArgument(word: string | Uint8Array): string | Buffer {
  return typeof word === 'string' ? word : Buffer.from(word);
}

function asFailure(error: unknown): RedisFailure {
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof Error && error.name === 'ReplyError'
    ? new RedisRefusal(message)
    : new RedisFailure(message);
}
