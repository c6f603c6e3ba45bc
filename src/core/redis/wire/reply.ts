import type { RedisRefusal } from '../redisFailure';

/** A word of a command. Texts are sent as UTF-8; keys are bytes. */
export type Word = string | Uint8Array;

/** A command with its arguments. */
export type Words = readonly [name: string, ...args: Word[]];

/**
 * What a server answers (RESP2): nil, an integer (a bigint beyond 2^53), a status line as text, bytes, a refusal, or a list of such.
 */
export type Reply = null | number | bigint | string | Uint8Array | RedisRefusal | readonly Reply[];
