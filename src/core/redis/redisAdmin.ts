import { RedisFailure, type RedisConnection } from './redisConnection';
import { keyCount, numberField, parseInfo, textField } from './redisReplies';

export interface ServerDescription {
  /** As `7.0.15`; of Valkey its own, not the Redis version that it imitates. */
  readonly version: string;
  readonly processId: number;
}

export interface ServerMeasurement {
  /** Bytes. */
  readonly usedMemory: number;
  readonly clients: number;
  readonly keys: number;
}

/** True: it serves. Throws a RedisFailure with the server's words when it refuses, LOADING for instance. */
export async function ping(connection: RedisConnection): Promise<boolean> {
  return (await connection.command('PING')) === 'PONG';
}

/** Which process answers, and what it is. */
export async function describeServer(connection: RedisConnection): Promise<ServerDescription> {
  const fields = parseInfo(await connection.command('INFO', 'server'));
  return {
    version: fields.get('valkey_version') ?? textField(fields, 'redis_version'),
    processId: numberField(fields, 'process_id'),
  };
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
