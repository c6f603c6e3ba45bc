import type { Problem } from '../base/problem';

/**
 * Who a process is, beyond its number: pids are used again. All of it must agree before a process
 * is signalled (design decision 2).
 */
export interface ProcessIdentity {
  readonly hostId: string;
  readonly bootId: string;
  /** Inode of the pid namespace; empty where the system has none. */
  readonly pidNamespace: string;
  readonly pid: number;
  /** Start time as the system counts it (Linux: clock ticks since boot, field 22 of /proc/PID/stat). */
  readonly startTime: string;
}

/** A shard or a model of the plan, by name; names are unique over both kinds. */
export interface EntityReference {
  readonly kind: 'shard' | 'model';
  readonly name: string;
}

/**
 * Everything that can happen to a run, in the order of the journal. The journal holds exactly
 * these, the supervisor sends exactly these, and `reduceRun` makes the state out of exactly these.
 */
export type LaunchEvent =
  /** About to spawn: written before, so that a process can never exist without a record. */
  | { readonly type: 'process-intended'; readonly entity: EntityReference; readonly argv: readonly string[] }
  | { readonly type: 'process-started'; readonly entity: EntityReference; readonly identity: ProcessIdentity }
  /** The spawn itself failed: nothing runs. */
  | { readonly type: 'process-not-started'; readonly entity: EntityReference; readonly cause: Problem }
  /** First PONG of this very process. */
  | { readonly type: 'shard-answered'; readonly shard: string; readonly version: string }
  /** All shards of a cluster have answered; they are made one now. */
  | { readonly type: 'cluster-forming'; readonly identifier: string }
  /** `slots`: of a cluster, as its shards have reported them. */
  | {
      readonly type: 'orchestrator-ready';
      readonly identifier: string;
      readonly formationMs?: number;
      readonly slots?: readonly ShardSlots[];
    }
  /** `returnCode` null: ended by `signal`, or nobody saw it (then `cause` says so, unless we had asked for the end). */
  | {
      readonly type: 'process-exited';
      readonly entity: EntityReference;
      readonly returnCode: number | null;
      readonly signal: string | null;
      /** We had asked it to end. */
      readonly requested: boolean;
      readonly cause?: Problem;
    }
  /** About to be ended and started again, or just started again. */
  | { readonly type: 'shard-restart-requested'; readonly shard: string }
  | { readonly type: 'model-restart-requested'; readonly model: string }
  /** About to ask processes to end; by SIGKILL they are not asked. */
  | { readonly type: 'end-attempted'; readonly names: readonly string[]; readonly by: EndingBy }
  /** They are gone, and so is all that they had started. */
  | { readonly type: 'end-completed'; readonly names: readonly string[] }
  /** Some of what these are, or had started, outlives even SIGKILL; it is looked for until `end-completed`. */
  | { readonly type: 'end-refused'; readonly names: readonly string[]; readonly cause: Problem }
  /** A model that will not be started, for instance because what it waits for has failed. */
  | { readonly type: 'model-skipped'; readonly model: string; readonly cause: Problem };

/** The slots that a shard serves, as inclusive ranges. */
export interface ShardSlots {
  readonly shard: string;
  readonly slots: readonly (readonly [from: number, to: number])[];
}

/** The ways in which we end processes, from polite to certain. */
export type EndingBy = 'SHUTDOWN' | 'SIGTERM' | 'SIGKILL';

/** What a shard says of itself; measured while somebody looks, never journaled. */
export interface ShardMeasurement {
  readonly shard: string;
  /** Bytes. */
  readonly usedMemory: number;
  readonly clients: number;
  readonly keys: number;
  /** Its memory is used up, so every write is refused. */
  readonly refusesWrites?: boolean;
  /** A node of a cluster: whether it says that its cluster serves. */
  readonly clusterOk?: boolean;
}

/** What is not well with a shard whose process runs; found while somebody looks, never journaled. */
export interface ShardFinding {
  readonly shard: string;
  readonly cause: Problem;
  /** Wall clock, milliseconds: when the first question was asked that it has not answered. */
  readonly notAnsweringSince?: number;
}
