import type { RedisCommand, RedisConnection } from './redisConnection';
import { RedisFailure, RedisRefusal } from './redisFailure';
import { keyCount, numberField, parseInfo, refusesWrites } from './redisReplies';

export interface ServerMeasurement {
  /** Bytes. */
  readonly usedMemory: number;
  readonly clients: number;
  readonly keys: number;
  /** It has used up the memory that it may use and removes no keys by itself, so every write is refused. */
  readonly refusesWrites: boolean;
}

/** Named sections only: the section `modules` can hang or crash servers with RedisAI. */
export const measurementQuestions: readonly RedisCommand[] = [
  ['INFO', 'memory'],
  ['INFO', 'clients'],
  ['INFO', 'keyspace'],
];

/** All of it in one round trip. */
export async function measureServer(connection: RedisConnection): Promise<ServerMeasurement> {
  return measurementOf(await connection.commands(measurementQuestions));
}

/** Reads the replies to `measurementQuestions`, which come first. */
export function measurementOf([memory, clients, keyspace]: readonly unknown[]): ServerMeasurement {
  const fields = parseInfo(memory);
  return {
    usedMemory: numberField(fields, 'used_memory'),
    clients: numberField(parseInfo(clients), 'connected_clients'),
    keys: keyCount(parseInfo(keyspace)),
    refusesWrites: refusesWrites(fields),
  };
}

/** Asks the server to end without saving. Throws a RedisRefusal. */
export async function shutdownServer(connection: RedisConnection): Promise<void> {
  try {
    await connection.command('SHUTDOWN', 'NOSAVE');
  } catch (error) {
    // The answer to a SHUTDOWN that succeeds is the end of the connection.
    if (error instanceof RedisRefusal || !(error instanceof RedisFailure)) throw error;
  }
}
