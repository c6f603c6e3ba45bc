import type { Disposable } from '../base/disposables';
import type { Event } from '../base/event';
import type { Result } from '../base/result';
import type { RunSnapshot } from '../deployment/runSnapshot';
import type { RunRecord } from './runRecord';

/**
 * A run as a window or a command line holds it: connected to its supervisor while that lives,
 * else what its journal says. Letting go of it (`dispose`) changes nothing about the run.
 */
export interface Run extends Disposable {
  readonly record: RunRecord;
  readonly snapshot: RunSnapshot;
  /** True while the supervisor is connected: the snapshot is then kept up to date by events. */
  readonly live: boolean;
  /** After each change of `snapshot` or `live`. */
  readonly onDidChange: Event<Run>;
  /** Asks every shard how it is; the answers arrive as a change. */
  measure(): Promise<void>;
  /** Resolves when nothing of the run is left. */
  stop(options?: { readonly force?: boolean }): Promise<Result<RunSnapshot>>;
  /** Stops a model or a shard if it runs, and starts it again; resolves when it runs, a shard when it answers. */
  restart(name: string): Promise<Result<void>>;
  /** Brings the cluster of an orchestrator back to its plan; a whole one is left as it is. */
  repair(orchestrator: string): Promise<Result<void>>;
}
