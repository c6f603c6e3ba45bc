import { problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import type { RunSnapshot } from '../deployment/runSnapshot';
import type { Run } from './run';

/**
 * Resolves when the launch has succeeded, or has failed and everything it had started is gone. An
 * aborted `signal` ends the wait, not the run.
 */
export function untilLaunched(run: Run, signal?: AbortSignal): Promise<Result<RunSnapshot>> {
  return untilRun(run, outcomeOfLaunch, signal);
}

/** Waits until `outcome` finds something in a state of the run. */
export function untilRun<T>(
  run: Run,
  outcome: (run: Run) => Result<T> | undefined,
  signal?: AbortSignal,
): Promise<Result<T>> {
  return new Promise((resolve) => {
    const settle = (result: Result<T>): void => {
      following.dispose();
      signal?.removeEventListener('abort', cancel);
      resolve(result);
    };
    const look = (): void => {
      const found = outcome(run);
      if (found !== undefined) settle(found);
    };
    const cancel = (): void => {
      settle(failure(problem('launch-cancelled')));
    };
    const following = run.onDidChange(look);
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted) cancel();
    else look();
  });
}

function outcomeOfLaunch({ snapshot, live }: Run): Result<RunSnapshot> | undefined {
  const { phase, cause, endedAt, id, experiment } = snapshot;
  if (phase === 'ready' || phase === 'degraded') return success(snapshot);
  if (live && endedAt === undefined) return undefined;
  if (phase === 'stopped' && cause === undefined) {
    // A run whose models were all quick has been launched, and is over.
    const stopped = snapshot.models.some(({ status }) => status === 'NeverStarted' || status === 'Cancelled');
    return stopped || snapshot.models.length === 0 ? failure(problem('launch-cancelled')) : success(snapshot);
  }
  return failure(cause ?? problem('run-not-live', { id, experiment }));
}
