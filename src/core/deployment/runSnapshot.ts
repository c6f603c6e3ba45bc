import type { DocumentPath, Problem } from '../base/problem';
import type { ProcessIdentity } from '../launch/launchEvents';

/**
 * Phases of a run.
 *
 *     planned -> starting -> ready <-> degraded
 *                   |           \        /
 *                   v            v      v
 *                 failed <---- stopping -> stopped
 *
 * `degraded`: a shard or a model has failed, or a shard does not serve as it should, while the rest goes on. `failed`: the launch did not
 * come about, or nothing that could serve is left. `lost`: recorded, but cannot be reached or
 * proved ours; only a reader says so, no event leads there.
 */
export type RunPhase =
  'planned' | 'starting' | 'ready' | 'degraded' | 'stopping' | 'stopped' | 'failed' | 'lost';

/** Phases of an orchestrator; `forming` only where there is a cluster to be formed. */
export type OrchestratorPhase =
  'planned' | 'starting' | 'forming' | 'ready' | 'degraded' | 'stopping' | 'stopped' | 'failed' | 'lost';

/** SmartSim's own words for the state of a job. */
export type EntityStatus =
  'New' | 'Queued' | 'Running' | 'Paused' | 'Completed' | 'Cancelled' | 'Failed' | 'NeverStarted';

/** The state of a run as one immutable value; `reduceRun` makes the next one. */
export interface RunSnapshot {
  readonly id: string;
  readonly experiment: string;
  readonly file: string;
  readonly directory: string;
  readonly runDirectory: string;
  readonly host: string;
  readonly phase: RunPhase;
  /** Why the phase is `failed`, `degraded` or `lost`, or stays `stopping`. */
  readonly cause?: Problem;
  /** Processes that were killed and do not end, for as long as that is so; in any phase. */
  readonly unended?: Problem;
  /** Wall clock, milliseconds. */
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly orchestrators: readonly OrchestratorSnapshot[];
  readonly models: readonly ModelSnapshot[];
  readonly supervisor?: ProcessIdentity;
  readonly socket?: string;
  /** Number of the last journaled event that is in here. */
  readonly sequence: number;
}

export interface OrchestratorSnapshot {
  readonly id: string;
  readonly at: DocumentPath;
  readonly phase: OrchestratorPhase;
  readonly engine: string;
  readonly version: string;
  readonly ai: string;
  readonly ssdb: string;
  readonly clustered: boolean;
  /** Milliseconds from the first spawn to ready. */
  readonly formationMs?: number;
  readonly shards: readonly ShardSnapshot[];
}

export interface ShardSnapshot {
  readonly name: string;
  readonly at: DocumentPath;
  readonly host: string;
  readonly port: number;
  readonly status: EntityStatus;
  /** Why it has failed; while it runs, why it does not serve as it should. */
  readonly cause?: Problem;
  readonly identity?: ProcessIdentity;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly returnCode?: number | null;
  /** The signal that ended it, where one did. */
  readonly signal?: string;
  /** Wall clock, milliseconds. Its process runs, but the questions since then were not answered in time. */
  readonly notAnsweringSince?: number;
  /** It answers, but its memory is used up and every write is refused. */
  readonly refusingWrites?: true;
  /** A node's own view of its cluster, when it was last measured: whether it serves. */
  readonly clusterState?: 'ok' | 'fail';
  /** Inclusive slot ranges; empty in a standalone orchestrator. */
  readonly slots: readonly (readonly [from: number, to: number])[];
  /** Bytes; absent until measured, and while it does not answer. */
  readonly usedMemory?: number;
  readonly clients?: number;
  readonly keys?: number;
  readonly out: string;
  readonly err: string;
}

export interface ModelSnapshot {
  readonly name: string;
  readonly at: DocumentPath;
  readonly status: EntityStatus;
  readonly cause?: Problem;
  readonly identity?: ProcessIdentity;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** null: ended by a signal, or nobody saw it. */
  readonly returnCode?: number | null;
  /** The signal that ended it, where one did. */
  readonly signal?: string;
  readonly out: string;
  readonly err: string;
}
