import type { Disposable } from '../base/disposables';
import { RedisConnection, type RedisAddress } from '../redis/redisConnection';

/** Milliseconds for one connect or command. */
const commandLimit = 2000;

/** The held connection to one shard: opened when it is first needed, and again after the server has closed it. */
export class ShardConnection implements Disposable {
  private current: Promise<RedisConnection> | undefined;

  /** `onClosed`: after a connection that was open has been closed, by whomever. */
  constructor(
    private readonly address: RedisAddress,
    private readonly onClosed: () => void = () => undefined,
  ) {}

  /** Throws a RedisFailure when the server cannot be reached. */
  async get(): Promise<RedisConnection> {
    const open = await this.current?.catch(() => undefined);
    if (open?.isOpen === true) return open;
    open?.dispose();
    this.current = RedisConnection.open(this.address, commandLimit).then((connection) => {
      connection.onceClosed(this.onClosed);
      return connection;
    });
    return this.current;
  }

  dispose(): void {
    this.current?.then(
      (connection) => {
        connection.dispose();
      },
      () => undefined,
    );
    this.current = undefined;
  }
}
