import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describeServer, ping } from '../redis/redisAdmin';
import { RedisConnection, RedisFailure, type RedisAddress } from '../redis/redisConnection';
import { UnexpectedReply } from '../redis/redisReplies';

/** Between two attempts to connect, in milliseconds. */
const retryDelay = 1;
/** For one connect or command, in milliseconds. */
const commandLimit = 2000;
/** A refusal this long after the first is meant: before, it may come from a stranger whose port ours fails to get. */
const refusalLimit = 1500;

export type Readiness =
  | { readonly kind: 'answers'; readonly connection: RedisConnection; readonly version: string }
  | { readonly kind: 'silent' }
  | { readonly kind: 'refuses'; readonly reply: string };

/**
 * Waits until this very process answers PING at its address. `limit`: milliseconds. Throws the
 * signal's reason when it is aborted, which is also how the end of the process ends the wait.
 */
export async function untilAnswers(
  address: RedisAddress,
  processId: number,
  { limit, onAccepted, signal }: { limit: number; onAccepted: () => void; signal: AbortSignal },
): Promise<Readiness> {
  const began = performance.now();
  let refusal: { reply: string; since: number } | undefined;
  let announced = false;
  for (;;) {
    signal.throwIfAborted();
    const now = performance.now();
    if (refusal !== undefined && now - refusal.since > refusalLimit) {
      return { kind: 'refuses', reply: refusal.reply };
    }
    if (now - began > limit) return { kind: 'silent' };
    if (await accepts(address)) {
      if (!announced) onAccepted();
      announced = true;
      const answer = await ask(address, processId, signal);
      if (typeof answer === 'object') return answer;
      if (answer !== undefined) refusal ??= { reply: answer, since: now };
    }
    await delay(retryDelay, undefined, { signal }).catch(() => undefined);
  }
}

/** Whether anybody listens there. A bare connection is several times cheaper than a client's. */
function accepts({ host, port }: RedisAddress): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}

/** The answer; or the words of a refusal; or undefined: somebody else answered, or not in time. */
async function ask(
  address: RedisAddress,
  processId: number,
  signal: AbortSignal,
): Promise<Readiness | string | undefined> {
  let connection: RedisConnection | undefined;
  const giveUp = (): void => connection?.dispose();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    connection = await RedisConnection.open(address, commandLimit, signal);
    const [pong, server] = await Promise.all([ping(connection), describeServer(connection)]);
    if (pong && server.processId === processId && !signal.aborted) {
      return { kind: 'answers', connection, version: server.version };
    }
    connection.dispose();
    return undefined;
  } catch (error) {
    connection?.dispose();
    if (error instanceof UnexpectedReply) return error.message;
    if (!(error instanceof RedisFailure)) throw error;
    return /^(NOAUTH|NOPERM|DENIED|WRONGPASS|ERR)\b/.test(error.message) ? error.message : undefined;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
