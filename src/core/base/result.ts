import type { Problem } from './problem';

/**
 * The outcome of something that a user's input can make fail. Exceptions are left for bugs.
 * A success may carry warnings; a failure carries at least one error.
 */
export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export function success<T>(value: T, problems: readonly Problem[] = []): Result<T> {
  return { ok: true, value, problems };
}

export function failure<T = never>(...problems: readonly Problem[]): Result<T> {
  return { ok: false, problems };
}
