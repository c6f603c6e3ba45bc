import { messageOf, remedyOf, type Problem } from '../base/problem';
import type {
  EntityStatus,
  ModelSnapshot,
  OrchestratorPhase,
  OrchestratorSnapshot,
  RunPhase,
  RunSnapshot,
  ShardSnapshot,
} from './runSnapshot';

/** One run in the JSON of `ssw up` and `ssw status`. Part of the product: fields are added, never changed. */
export interface RunStatus {
  readonly id: string;
  readonly experiment: string;
  readonly file: string;
  readonly host: string;
  readonly phase: RunPhase;
  readonly cause?: CauseStatus;
  readonly orchestrators: readonly OrchestratorStatus[];
  readonly models: readonly ModelStatus[];
}

export interface CauseStatus {
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
}

export interface OrchestratorStatus {
  readonly id: string;
  readonly phase: OrchestratorPhase;
  readonly engine: string;
  readonly version: string;
  readonly ai: string;
  readonly ssdb: string;
  readonly clustered: boolean;
  readonly formationMs?: number;
  readonly shards: readonly ShardStatus[];
}

export interface ShardStatus {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** While it runs. */
  readonly pid?: number;
  readonly status: EntityStatus;
  readonly cause?: CauseStatus;
  /** ISO 8601, UTC. Its process runs, but does not answer. */
  readonly notAnsweringSince?: string;
  /** Its memory is used up. */
  readonly refusingWrites?: true;
  /** What a node of a cluster says of its cluster. */
  readonly clusterState?: 'ok' | 'fail';
  readonly slots: readonly (readonly [from: number, to: number])[];
  /** Bytes. null: not measured, because the shard does not run or did not answer. */
  readonly usedMemory: number | null;
  readonly clients: number | null;
  readonly keys: number | null;
}

export interface ModelStatus {
  readonly name: string;
  readonly status: EntityStatus;
  readonly cause?: CauseStatus;
  /** While it runs. */
  readonly pid?: number;
  /** After its end; null: ended by a signal, or nobody saw it. */
  readonly returnCode?: number | null;
  /** ISO 8601, UTC. */
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly out: string;
  readonly err: string;
}

/** The published form of a run's state. */
export function toRunStatus(snapshot: RunSnapshot): RunStatus {
  const { id, experiment, file, host, phase } = snapshot;
  return {
    id,
    experiment,
    file,
    host,
    phase,
    ...causeOf(snapshot.unended ?? snapshot.cause),
    orchestrators: snapshot.orchestrators.map(orchestratorStatus),
    models: snapshot.models.map(modelStatus),
  };
}

function orchestratorStatus(orchestrator: OrchestratorSnapshot): OrchestratorStatus {
  const { id, phase, engine, version, ai, ssdb, clustered, formationMs } = orchestrator;
  return {
    id,
    phase,
    engine,
    version,
    ai,
    ssdb,
    clustered,
    ...(formationMs === undefined ? {} : { formationMs }),
    shards: orchestrator.shards.map(shardStatus),
  };
}

function shardStatus(shard: ShardSnapshot): ShardStatus {
  const runs = shard.status === 'Running';
  return {
    name: shard.name,
    host: shard.host,
    port: shard.port,
    ...pidOf(shard),
    status: shard.status,
    ...causeOf(shard.cause),
    ...(shard.notAnsweringSince === undefined
      ? {}
      : { notAnsweringSince: new Date(shard.notAnsweringSince).toISOString() }),
    ...(shard.refusingWrites === undefined ? {} : { refusingWrites: shard.refusingWrites }),
    ...(shard.clusterState === undefined ? {} : { clusterState: shard.clusterState }),
    slots: shard.slots,
    usedMemory: runs ? (shard.usedMemory ?? null) : null,
    clients: runs ? (shard.clients ?? null) : null,
    keys: runs ? (shard.keys ?? null) : null,
  };
}

function modelStatus(model: ModelSnapshot): ModelStatus {
  return {
    name: model.name,
    status: model.status,
    ...causeOf(model.cause),
    ...pidOf(model),
    ...(model.returnCode === undefined ? {} : { returnCode: model.returnCode }),
    ...(model.startedAt === undefined ? {} : { startedAt: new Date(model.startedAt).toISOString() }),
    ...(model.endedAt === undefined ? {} : { endedAt: new Date(model.endedAt).toISOString() }),
    out: model.out,
    err: model.err,
  };
}

function pidOf({ status, identity }: ShardSnapshot | ModelSnapshot): { pid?: number } {
  return status === 'Running' && identity !== undefined ? { pid: identity.pid } : {};
}

function causeOf(cause: Problem | undefined): { cause?: CauseStatus } {
  if (cause === undefined) return {};
  const remedy = remedyOf(cause);
  return {
    cause: { code: cause.code, message: messageOf(cause), ...(remedy === undefined ? {} : { remedy }) },
  };
}
