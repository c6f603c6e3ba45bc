import type { ProcessIdentity } from '../launch/launchEvents';

/**
 * One line of the user's index of runs: enough to find the run directory, where the truth is.
 * Kept as `<state directory>/runs/<id>.json`, one file a run, written whole and renamed into place.
 */
export interface RunRecord {
  readonly version: 1;
  readonly id: string;
  readonly experiment: string;
  readonly file: string;
  readonly runDirectory: string;
  readonly host: string;
  /** Wall clock, milliseconds. */
  readonly createdAt: number;
  /** Where its supervisor listens, for when the run directory is damaged or removed while the run lives. */
  readonly socket?: string;
  /** The supervisor's program: a copy that is kept until the run is over. */
  readonly program?: string;
  /** Who asked for the launch: until a supervisor is recorded, the run is being started while that lives. */
  readonly starter?: ProcessIdentity;
}
