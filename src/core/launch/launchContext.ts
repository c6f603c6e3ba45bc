import type { Log } from '../base/log';
import type { Place, Problem } from '../base/problem';
import type { DeploymentPlan, ShardPlan } from '../plan/deploymentPlan';
import type { FormationStep } from './cluster/formationSteps';
import type { RedisCredentials } from '../redis/redisConnection';
import type { LaunchEvent } from './launchEvents';
import type { ShardConnection } from './shardConnection';
import type { StartedProcess } from './startProcess';

/** Time limits of a launch and of a stop, in milliseconds. */
export interface LaunchLimits {
  /** From the start of a server to its first answer. */
  readonly answer: number;
  /** From the last first answer of a cluster's shards to a cluster that serves. */
  readonly formation: number;
  /** From the beginning of a repair to a cluster that serves again; longer than servers refuse a node that was forgotten. */
  readonly mending: number;
  /** For a model to end after SIGTERM, before it is killed. */
  readonly grace: number;
  /** For a server to end after it was asked to shut down, before SIGTERM; and again before SIGKILL. */
  readonly shutdown: number;
  /** For a process to end after SIGKILL, before it is told that this one does not. */
  readonly kill: number;
  /** For steps of a launch that is stopped and hangs, such as a copy from a dead disk; they start nothing any more. */
  readonly settle: number;
  /** For a running shard to answer while somebody looks; after it the shard is "not answering", nothing more. */
  readonly look: number;
}

export const defaultLimits: LaunchLimits = {
  answer: 30_000,
  formation: 60_000,
  mending: 75_000,
  grace: 5000,
  shutdown: 3000,
  kill: 10_000,
  settle: 5000,
  look: 1000,
};

/** What all parts of one launch share. */
export interface LaunchContext {
  readonly plan: DeploymentPlan;
  /** Of where the launch was asked for; the base of what children get. */
  readonly environment: Readonly<Record<string, string>>;
  /** How the servers know that it is us; undefined in a run whose servers have no user for that. */
  readonly credentials: RedisCredentials | undefined;
  /** Returns when the event is recorded; a recorder that fails aborts the launch instead of throwing. */
  readonly emit: (event: LaunchEvent) => void;
  /** The latest process of each shard and model, by name. */
  readonly processes: Map<string, StartedProcess>;
  /** The connection of each shard that has answered, by name. */
  readonly connections: Map<string, ShardConnection>;
  /** Says who keeps a shard from its port; undefined when that cannot be said any more. */
  readonly portTakenBy: (shard: ShardPlan, place: Place) => Promise<Problem | undefined>;
  readonly limits: LaunchLimits;
  readonly log: Log;
  /** Told before and after each step: where tests let faults happen. */
  readonly onStep: (step: LaunchStep) => void;
}

export interface LaunchStep {
  readonly name:
    | 'intended'
    | 'started'
    | 'accepted'
    | 'answered'
    | 'forming'
    | FormationStep['kind']
    | 'ready'
    | 'staged'
    | 'launched'
    | 'stopping';
  /** Shard, model or orchestrator. */
  readonly of: string;
}
