import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Disposable } from '../base/disposables';
import { RedisConnection, type RedisAddress, type RedisCredentials } from '../redis/redisConnection';
import { RedisFailure, RedisRefusal } from '../redis/redisFailure';

/** Milliseconds for one connect or command. */
const commandLimit = 2000;

/** What is asked of a shard over one connection. */
export type Question<T> = (connection: RedisConnection) => Promise<T>;

/** A server did not answer in time. */
export class LateAnswer extends RedisFailure {}

/** The held connection to one shard: opened when it is first needed, and again after the server has closed it. */
export class ShardConnection implements Disposable {
  private current: Promise<RedisConnection> | undefined;
  /** Aborted when the connection, or the attempt to make it, is given up. */
  private life = new AbortController();

  /**
   * `credentials`: of the supervisor; undefined where the server knows no user of its own. `onClosed`: after a
   * connection that was open has been closed, by whomever.
   */
  constructor(
    private readonly address: RedisAddress,
    private readonly credentials?: RedisCredentials,
    private readonly onClosed: () => void = () => undefined,
  ) {}

  /** Throws a RedisFailure when the server cannot be reached. However many ask, there is one connection. */
  get(): Promise<RedisConnection> {
    this.current = this.openAfter(this.current, this.life.signal);
    return this.current;
  }

  /**
   * The answer to a question. One that does not come within `limit` milliseconds costs the connection: behind a
   * network that was cut it would stay dead long after the network is back, so the next question goes over a
   * new one. Throws a RedisFailure.
   */
  async ask<T>(question: Question<T>, limit: number): Promise<T> {
    const { signal } = this.life;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        // After a pause of our own process the answer may lie here unread.
        void nextTurn().then(() => {
          reject(new LateAnswer(`no answer within ${limit / 1000} seconds`));
        });
      }, limit);
    });
    try {
      return await Promise.race([this.answerOf(question, signal), late]);
    } catch (error) {
      if (error instanceof LateAnswer) this.dispose();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  dispose(): void {
    this.life.abort();
    this.life = new AbortController();
    this.current?.then(
      (connection) => {
        connection.dispose();
      },
      () => undefined,
    );
    this.current = undefined;
  }

  private async openAfter(
    before: Promise<RedisConnection> | undefined,
    signal: AbortSignal,
  ): Promise<RedisConnection> {
    const open = await before?.catch(() => undefined);
    if (open?.isOpen === true) return open;
    open?.dispose();
    if (signal.aborted) throw new RedisFailure('given up');
    const connection = await RedisConnection.open(this.address, commandLimit, {
      signal,
      ...(this.credentials === undefined ? {} : { credentials: this.credentials }),
    });
    connection.onceClosed(this.onClosed);
    return connection;
  }

  /** A connection that was closed since the last question says nothing about the server: it is asked again over a new one. */
  private async answerOf<T>(question: Question<T>, signal: AbortSignal): Promise<T> {
    const connection = await this.get();
    try {
      return await question(connection);
    } catch (error) {
      if (error instanceof RedisRefusal || connection.isOpen || signal.aborted) throw error;
      return await question(await this.get());
    }
  }
}
