import type { DatabaseTarget } from '../databaseTarget';

/** How a database came to be known. */
export type DatabaseOrigin =
  /** It belongs to a live run of ours. */
  | { readonly kind: 'run'; readonly run: string; readonly orchestrator: string }
  /** A variable of the environment names it: `SSDB`, or `SSDB_` with SmartSim's identifier of the database. */
  | { readonly kind: 'environment'; readonly variable: string }
  /** SmartSim's record of an experiment. */
  | { readonly kind: 'manifest'; readonly file: string }
  /** The output of a shard that SmartSim started. */
  | { readonly kind: 'announcement'; readonly file: string }
  /** Somebody wrote its address. */
  | { readonly kind: 'address' };

/** A database that is known, and from where. Nobody has connected to it for that. */
export interface FoundDatabase {
  readonly target: DatabaseTarget;
  /** The first is the one that `target` comes from. */
  readonly origins: readonly DatabaseOrigin[];
}
