import type { Problem } from '../base/problem';
import type { LaunchEvent, ProcessIdentity, ShardFinding, ShardMeasurement } from '../launch/launchEvents';
import type { DeploymentPlan } from '../plan/deploymentPlan';

/** The launch's events, and what the supervisor adds about itself and the run as a whole. */
export type RunEvent =
  | LaunchEvent
  /** Always the first. */
  | { readonly type: 'run-planned'; readonly plan: DeploymentPlan }
  | {
      readonly type: 'supervisor-started';
      readonly identity: ProcessIdentity;
      readonly socket: string;
      readonly version: string;
    }
  /** Another supervisor goes on where the one before was killed. */
  | {
      readonly type: 'run-adopted';
      readonly identity: ProcessIdentity;
      readonly socket: string;
      readonly version: string;
    }
  /** All was started, or skipped, but for models that wait for the end of another. */
  | { readonly type: 'launch-finished' }
  /** The launch was given up; what had been started is stopped next. */
  | { readonly type: 'launch-failed'; readonly cause: Problem }
  | { readonly type: 'stop-requested' }
  /** Nothing of the run is left; always the last. */
  | { readonly type: 'run-ended' }
  /** Every shard that was asked is in `measurements`, in `findings`, or in both. Never journaled. */
  | {
      readonly type: 'shards-measured';
      readonly measurements: readonly ShardMeasurement[];
      /** Absent in events of early supervisors, which told no findings. */
      readonly findings?: readonly ShardFinding[];
    };

/** An event with its place in the run. */
export interface RecordedEvent {
  /** 1, 2, 3 … without gaps for journaled events; a volatile event repeats the number before it. */
  readonly sequence: number;
  /** Wall clock, milliseconds since 1970: for people, never for arithmetic. */
  readonly at: number;
  /** Monotonic milliseconds since the supervisor received the plan; of each supervisor, where several had the run. */
  readonly elapsedMs: number;
  readonly event: RunEvent;
}
