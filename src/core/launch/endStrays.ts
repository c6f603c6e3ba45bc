import { setTimeout as delay } from 'node:timers/promises';
import { failure, success, type Result } from '../base/result';
import { endRefusal } from './endRefusal';
import { signalProcess } from './processIdentity';
import { markedProcesses } from './markedProcesses';

/** Between two looks, in milliseconds: the pause grows from the first to the second. */
const lookDelay = 10;
const slowestLook = 1000;

/**
 * Kills whatever still carries the marker of a run, but for this process. For the end of a run that a
 * supervisor did not see through: a child may have been born in the moment in which that was killed. Fails when
 * something lives after `limit` milliseconds.
 */
export async function endStrays(runId: string, limit: number): Promise<Result<void>> {
  const deadline = performance.now() + limit;
  for (let pause = lookDelay; ; pause = Math.min(2 * pause, slowestLook)) {
    const strays = markedProcesses(runId);
    if (strays.length === 0) return success(undefined);
    if (performance.now() > deadline) {
      return failure(
        endRefusal(strays.map(({ identity, entity = 'unnamed' }) => ({ pid: identity.pid, entity }))),
      );
    }
    for (const { identity } of strays) signalProcess(identity, 'SIGKILL');
    await delay(pause);
  }
}
