import { RedisFailure, type RedisConnection } from './redisConnection';
import { keyCount, numberField, parseInfo } from './redisReplies';

export interface ServerMeasurement {
  /** Bytes. */
  readonly usedMemory: number;
  readonly clients: number;
  readonly keys: number;
}

/** Named sections only, in one round trip: the section `modules` can hang or crash servers with RedisAI. */
export async function measureServer(connection: RedisConnection): Promise<ServerMeasurement> {
  const [memory, clients, keyspace] = await connection.commands([
    ['INFO', 'memory'],
    ['INFO', 'clients'],
    ['INFO', 'keyspace'],
  ]);
  return {
    usedMemory: numberField(parseInfo(memory), 'used_memory'),
    clients: numberField(parseInfo(clients), 'connected_clients'),
    keys: keyCount(parseInfo(keyspace)),
  };
}

/** Asks the server to end without saving. A refusal is left to whoever waits for its end. */
export async function shutdownServer(connection: RedisConnection): Promise<void> {
  try {
    await connection.command('SHUTDOWN', 'NOSAVE');
  } catch (error) {
    // The answer to a SHUTDOWN that succeeds is the end of the connection.
    if (!(error instanceof RedisFailure)) throw error;
  }
}
