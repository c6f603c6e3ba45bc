import { RedisFailure, RedisRefusal } from '../redis/redisFailure';
import type { Endpoint } from '../redis/wire/endpoint';
import { WireConnection, type WireOptions } from '../redis/wire/wireConnection';
import type { Words } from '../redis/wire/reply';

/** Milliseconds between attempts: the first is free, then twice as long each time. */
const [shortestPause, longestPause] = [250, 30_000];

export interface LinkListener {
  /** The server answers. */
  answered(): void;
  /** It does not, or not as it should. */
  failed(failure: RedisFailure): void;
}

/** The held connection to one server, made anew where it was lost, not more often than does good. */
export class ShardLink {
  private made: Promise<WireConnection> | undefined;
  private failures = 0;
  private lastFailure: RedisFailure | undefined;
  private disposed = false;
  /** When it may be tried again, by performance.now(); 0 where all is well. */
  notBefore = 0;

  constructor(
    readonly endpoint: Endpoint,
    private readonly options: WireOptions,
    /** The command that logs in. */
    private readonly login: Words | undefined,
    private readonly listener: LinkListener,
  ) {}

  /** Throws a RedisFailure: the last one again while it is too early for another attempt. */
  connection(): Promise<WireConnection> {
    if (this.made !== undefined) return this.made;
    if (this.lastFailure !== undefined && performance.now() < this.notBefore)
      return Promise.reject(this.lastFailure);
    const made = this.connect();
    this.made = made;
    return made;
  }

  /** Forgets how often it has failed. */
  hurry(): void {
    this.failures = 0;
    this.notBefore = 0;
  }

  dispose(): void {
    this.disposed = true;
    this.made?.then(
      (connection) => {
        connection.dispose();
      },
      () => undefined,
    );
  }

  private async connect(): Promise<WireConnection> {
    try {
      const connection = await WireConnection.open(this.endpoint, this.options);
      try {
        await this.greet(connection);
      } catch (error) {
        connection.dispose();
        throw error;
      }
      this.hurry();
      connection.onceClosed((failure) => {
        this.lost(failure);
      });
      this.listener.answered();
      return connection;
    } catch (error) {
      if (error instanceof RedisFailure) this.lost(error);
      throw error;
    }
  }

  /** A server that takes connections may still be one that does not serve. */
  private async greet(connection: WireConnection): Promise<void> {
    const { login } = this;
    if (login !== undefined) await connection.ask(...login).catch(withoutSecrets);
    const [reply] = await connection.askAll([['PING']]);
    if (reply instanceof RedisRefusal && !reply.message.startsWith('NOPERM')) throw reply;
  }

  private lost(failure: RedisFailure): void {
    this.made = undefined;
    this.lastFailure = failure;
    this.notBefore = performance.now() + pauseAfter(this.failures);
    this.failures += 1;
    if (!this.disposed) this.listener.failed(failure);
  }
}

function pauseAfter(failures: number): number {
  return failures === 0 ? 0 : Math.min(longestPause, shortestPause * 2 ** (failures - 1));
}

/** What servers say of a login; others repeat the command that they do not know, and with it the password. */
const saidOfLogins =
  /^(?:WRONGPASS|NOAUTH|NOPERM|DENIED|LOADING|BUSY|MASTERDOWN|ERR (?:AUTH |invalid password|max number)) ?/;

function withoutSecrets(error: unknown): never {
  if (!(error instanceof RedisRefusal) || saidOfLogins.test(error.message)) throw error;
  throw new RedisRefusal('ERR the login was refused in words that may hold the password');
}
