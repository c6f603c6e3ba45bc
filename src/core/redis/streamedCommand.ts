import { connect, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { RedisAddress } from './redisConnection';
import { RedisFailure, RedisRefusal } from './redisFailure';

/** The last word of a command, which is too long to be held. */
export interface StreamedWord {
  readonly bytes: number;
  /** `bytes` bytes in all. What it throws ends the command and is thrown on. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * Sends one command over a connection of its own, with a last word of any length of which little is in memory at a
 * time. `limit`: milliseconds in which nothing moves. Throws a RedisFailure.
 */
export async function sendStreamed(
  { host, port }: RedisAddress,
  words: readonly (string | Uint8Array)[],
  last: StreamedWord,
  { limit, signal }: { readonly limit: number; readonly signal: AbortSignal },
): Promise<void> {
  const socket = connect({ host, port, noDelay: true, timeout: limit });
  socket.once('timeout', () => {
    socket.destroy(new Error(`no answer within ${limit / 1000} seconds`));
  });
  const answer = firstLine(socket);
  // Asked for below, and in any case after the socket was closed.
  answer.catch(() => undefined);
  const source: { failure?: Error } = {};
  try {
    await pipeline(() => wholeCommand(words, last, source), socket, { end: false, signal });
    const line = await answer;
    if (line.startsWith('-')) throw new RedisRefusal(line.slice(1));
  } catch (error) {
    if (source.failure !== undefined) throw source.failure;
    signal.throwIfAborted();
    if (error instanceof RedisFailure) throw error;
    throw new RedisFailure(error instanceof Error ? error.message : String(error));
  } finally {
    socket.destroy();
  }
}

async function* wholeCommand(
  words: readonly (string | Uint8Array)[],
  last: StreamedWord,
  source: { failure?: Error },
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  yield encoder.encode(`*${words.length + 1}\r\n`);
  for (const word of words) {
    const bytes = typeof word === 'string' ? encoder.encode(word) : word;
    yield new Uint8Array(
      Buffer.concat([encoder.encode(`$${bytes.length}\r\n`), bytes, encoder.encode('\r\n')]),
    );
  }
  yield encoder.encode(`$${last.bytes}\r\n`);
  try {
    for await (const chunk of last.chunks) yield chunk;
  } catch (error) {
    source.failure = error instanceof Error ? error : new Error(String(error));
    throw error;
  }
  yield encoder.encode('\r\n');
}

function firstLine(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    socket.on('data', (bytes) => {
      received += bytes.toString('utf8');
      const end = received.indexOf('\r\n');
      if (end >= 0) resolve(received.slice(0, end));
    });
    socket.on('error', reject);
    socket.once('close', () => {
      reject(new RedisFailure('the server closed the connection'));
    });
  });
}
