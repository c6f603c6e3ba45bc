import type { Reply, Words } from '../redis/wire/reply';
import type { Server } from './server';

/** Answers in the order of the commands; refusals among them. */
export interface Together {
  readonly replies: readonly Reply[];
  /** Nobody else's command came between them: what they tell belongs to one moment. */
  readonly atOnce: boolean;
}

/**
 * Asks several questions in one transaction, and one by one where the user may not have transactions or one of the commands.
 * Throws a RedisFailure.
 */
export async function askTogether(server: Server, commands: readonly Words[]): Promise<Together> {
  const all = await server.askAll([['MULTI'], ...commands, ['EXEC']]);
  const replies = all.at(-1);
  if (Array.isArray(replies)) return { replies: replies as readonly Reply[], atOnce: true };
  return { replies: await server.askAll(commands), atOnce: false };
}
