import type { Server } from './server';

/** Memory of a server, in bytes. */
export interface Headroom {
  readonly limit: number;
  readonly free: number;
}

/**
 * What the server that has a key may still take; `unlimited` where nothing limits it, undefined where it does not tell. Throws a
 * RedisFailure.
 */
export async function readHeadroom(
  server: Server,
  key: Uint8Array,
): Promise<Headroom | 'unlimited' | undefined> {
  // By the question about the key it is asked of the server that has it now.
  const [, reply] = await server.askAll([
    ['EXISTS', key],
    ['INFO', 'memory'],
  ]);
  const text = reply instanceof Uint8Array ? Buffer.from(reply).toString('latin1') : '';
  const field = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(text)?.[1] ?? NaN);
  const [used, limit] = [field('used_memory'), field('maxmemory')];
  if (Number.isNaN(used) || Number.isNaN(limit)) return undefined;
  return limit === 0 ? 'unlimited' : { limit, free: Math.max(0, limit - used) };
}
