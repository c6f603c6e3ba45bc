import type { Problem } from '../base/problem';

/**
 * How we stand with a database. Times are milliseconds since 1970.
 * - `connecting`: it has not answered yet; `problem` says why the last attempt failed.
 * - `live`: every shard that was asked answers.
 * - `stale`: some shard does not; what was read of it is from before `since`.
 * - `refused`: it does not let us in, or leads to hosts that nobody has agreed to; trying again would change nothing.
 */
export type DatabaseState =
  | { readonly kind: 'connecting'; readonly problem?: Problem; readonly nextTry?: number }
  | { readonly kind: 'live' }
  | {
      readonly kind: 'stale';
      readonly since: number;
      readonly problem: Problem;
      /** Names of the shards that do not answer. */
      readonly shards: readonly string[];
      /** Absent while nobody watches. */
      readonly nextTry?: number;
    }
  | {
      readonly kind: 'refused';
      readonly problem: Problem;
      /** Hosts that the database leads to, and that somebody must agree to first. */
      readonly hosts?: readonly string[];
    }
  | { readonly kind: 'closed' };
