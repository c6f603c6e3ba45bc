import { type RedisFailure, RedisRefusal } from '../redis/redisFailure';

/** Why a server did not answer a question about one key. */
export type RefusalReason =
  /** The user may not use the command, or not this key. */
  | 'right'
  /** The server does not know the command. */
  | 'unknownCommand'
  /** The key holds something of another kind. */
  | 'otherKind'
  /** There is no such key. */
  | 'gone'
  /** Another server has the key, now or for the moment. */
  | 'elsewhere'
  /** Whatever else the server says. */
  | 'other';

export function reasonOf({ message }: RedisRefusal): RefusalReason {
  return beginnings.find(([pattern]) => pattern.test(message))?.[1] ?? 'other';
}

const beginnings: readonly (readonly [RegExp, RefusalReason])[] = [
  [/^NOPERM/, 'right'],
  [/^ERR unknown command/i, 'unknownCommand'],
  [/^WRONGTYPE/, 'otherKind'],
  [/^ERR (no such key|(tensor|model|script) key is empty)/, 'gone'],
  [/^(MOVED|ASK|TRYAGAIN) ?/, 'elsewhere'],
];

/** The right that a refusal says is missing: a command, or the access to the key, for which `keyAccess` stands. */
export function missingRight({ message }: RedisFailure, command: string): string {
  if (/access.* keys?\b/.test(message)) return keyAccess;
  const named = /the '([\w.|-]{1,64})' command/.exec(message)?.[1];
  return named?.toUpperCase().replace('|', ' ') ?? command;
}

/** Stands among the names of commands for the right to a key itself. */
export const keyAccess = 'access to the key';

/** Whether an answer is a refusal for this reason. */
export function isRefused(reply: unknown, reason: RefusalReason): boolean {
  return reply instanceof RedisRefusal && reasonOf(reply) === reason;
}
