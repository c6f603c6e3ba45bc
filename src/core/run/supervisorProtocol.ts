import type { RecordedEvent } from '../deployment/runEvents';
import type { RunSnapshot } from '../deployment/runSnapshot';
import type { Problem } from '../base/problem';

/**
 * What is spoken on a supervisor's socket: JSON-RPC 2.0 with `Content-Length` headers
 * (vscode-jsonrpc). `hello` comes first. `hello`, `status` and `stop` are frozen for ever, so that
 * every later client can at least look at and end a run of an older supervisor.
 *
 * What may be added without another version: fields, event types, notifications, problem codes. Older clients leave out
 * what they do not know. The words of phases and states are fixed: another one needs a new version of the protocol.
 */
export const protocolVersion = 1;

export const method = {
  hello: 'hello',
  status: 'status',
  stop: 'stop',
  subscribe: 'subscribe',
  measure: 'measure',
  restart: 'restart',
  repair: 'repair',
  event: 'event',
  /** The supervisor's last message. By convention one with `$/` may be ignored. */
  goodbye: '$/goodbye',
} as const;

export interface HelloRequest {
  /** Highest version that the client speaks. */
  readonly protocol: number;
  /** Lowest that it still understands. */
  readonly minimum: number;
}
export interface HelloReply {
  readonly protocol: number;
  readonly minimum: number;
  readonly runId: string;
  /** Version of the program that the supervisor is. */
  readonly version: string;
}

/** `status` -> the run as it stands now, with shards freshly measured. */
export interface StatusReply {
  readonly run: RunSnapshot;
}

/** `stop`: answers when nothing of the run is left. Asking twice is harmless. */
export interface StopRequest {
  /** Do not wait for an orderly end. */
  readonly force?: boolean;
}
export interface StopReply {
  readonly run: RunSnapshot;
}

/** `subscribe` -> a snapshot, then one `event` notification for each later event. */
export interface SubscribeReply {
  readonly run: RunSnapshot;
}
export type EventNotification = RecordedEvent;

/** `restart`: stops the model or shard if it runs, and starts it again. Early supervisors know no shard by its name. */
export interface RestartRequest {
  /** Name of a model or a shard; names are unique over both. */
  readonly model: string;
}
export interface RestartReply {
  readonly problems: readonly Problem[];
}

/** `repair`: brings the cluster of an orchestrator back to its plan; a whole one is left as it is. */
export interface RepairRequest {
  readonly orchestrator: string;
}
export type RepairReply = RestartReply;
