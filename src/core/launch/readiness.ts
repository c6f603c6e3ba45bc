import { setTimeout as delay } from 'node:timers/promises';
import type { RedisAddress } from '../redis/redisConnection';
import { probeServer } from '../redis/serverProbe';

/** Between two attempts to connect, in milliseconds. */
const retryDelay = 1;
/** For one attempt, in milliseconds. */
const attemptLimit = 2000;
/** A refusal this long after the first is meant: before, it may come from a stranger whose port ours fails to get. */
const refusalLimit = 1500;

export type Readiness =
  | { readonly kind: 'answers'; readonly version: string }
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
  const announce = (): void => {
    if (!announced) onAccepted();
    announced = true;
  };
  for (;;) {
    signal.throwIfAborted();
    const now = performance.now();
    if (refusal !== undefined && now - refusal.since > refusalLimit) {
      return { kind: 'refuses', reply: refusal.reply };
    }
    if (now - began > limit) return { kind: 'silent' };
    const answer = await probeServer(address, {
      limit: Math.min(attemptLimit, limit),
      onAccepted: announce,
      signal,
    });
    signal.throwIfAborted();
    // Another process that answers there keeps the port from ours, which will end for it.
    if (answer.kind === 'answers' && answer.processId === processId) {
      return { kind: 'answers', version: answer.version };
    }
    // One that loads its data will answer.
    if (answer.kind === 'refuses' && !answer.reply.startsWith('LOADING')) {
      refusal ??= { reply: answer.reply, since: now };
    }
    await delay(retryDelay, undefined, { signal }).catch(() => undefined);
  }
}
