import { connect } from 'node:net';
import type { RedisAddress } from './redisConnection';
import { UnexpectedReply } from './redisFailure';
import { numberField, parseInfo } from './redisReplies';

export type ProbeAnswer =
  /** Nobody listens there. */
  | { readonly kind: 'closed' }
  /** Somebody listens, but did not answer within the limit, or hung up. */
  | { readonly kind: 'silent' }
  /** The server's words, such as `NOAUTH Authentication required.` or `LOADING …`. */
  | { readonly kind: 'refuses'; readonly reply: string }
  | { readonly kind: 'answers'; readonly processId: number; readonly version: string };

export interface ProbeOptions {
  /** Milliseconds. */
  readonly limit: number;
  readonly onAccepted: () => void;
  /** Gives the attempt up. */
  readonly signal: AbortSignal;
}

/**
 * Asks once whether a server serves (PING), and which process it is. A plain socket and two
 * commands: a client library costs several milliseconds more, which is half of what a server needs to start.
 */
export function probeServer({ host, port }: RedisAddress, options: ProbeOptions): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true });
    let accepted = false;
    let received = '';
    const settle = (answer: ProbeAnswer): void => {
      clearTimeout(timer);
      options.signal.removeEventListener('abort', giveUp);
      socket.destroy();
      resolve(answer);
    };
    const giveUp = (): void => {
      settle({ kind: 'silent' });
    };
    const timer = setTimeout(giveUp, options.limit);
    options.signal.addEventListener('abort', giveUp, { once: true });
    socket.once('connect', () => {
      accepted = true;
      options.onAccepted();
      socket.write('PING\r\nINFO server\r\n');
    });
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
      const answer = readAnswer(received);
      if (answer !== undefined) settle(answer);
    });
    socket.once('error', () => {
      settle({ kind: accepted ? 'silent' : 'closed' });
    });
    socket.once('close', giveUp);
  });
}

/** Reads the replies to PING and INFO; undefined while they are incomplete. */
export function readAnswer(received: string): ProbeAnswer | undefined {
  const [line, rest] = splitOnce(received);
  if (rest === undefined) return undefined;
  if (line.startsWith('-')) return { kind: 'refuses', reply: line.slice(1) };
  if (line !== '+PONG')
    return { kind: 'refuses', reply: `no answer of a database server: ${line.slice(0, 80)}` };
  const [head, body] = splitOnce(rest);
  if (body === undefined) return undefined;
  if (head.startsWith('-')) return { kind: 'refuses', reply: head.slice(1) };
  const length = /^\$(\d{1,6})$/.exec(head)?.[1];
  if (length === undefined) return { kind: 'refuses', reply: `no answer to INFO: ${head.slice(0, 80)}` };
  if (body.length < Number(length)) return undefined;
  try {
    const fields = parseInfo(body.slice(0, Number(length)));
    const version = fields.get('valkey_version') ?? fields.get('redis_version') ?? '';
    return { kind: 'answers', processId: numberField(fields, 'process_id'), version };
  } catch (error) {
    if (error instanceof UnexpectedReply) return { kind: 'refuses', reply: error.message };
    throw error;
  }
}

function splitOnce(text: string): readonly [string, string | undefined] {
  const end = text.indexOf('\r\n');
  return end < 0 ? [text, undefined] : [text.slice(0, end), text.slice(end + 2)];
}
