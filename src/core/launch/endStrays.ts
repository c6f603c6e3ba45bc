import { setTimeout as delay } from 'node:timers/promises';
import { signalProcess } from './processIdentity';
import { markedProcesses } from './processesOfRun';

/** Between two looks, in milliseconds. */
const lookDelay = 10;

/**
 * Kills whatever still carries the marker of a run, but for this process. For the end of a run that a
 * supervisor did not see through: a child may have been born in the moment in which that was killed.
 */
export async function endStrays(runId: string): Promise<void> {
  for (;;) {
    const strays = markedProcesses(runId);
    if (strays.length === 0) return;
    for (const { identity } of strays) signalProcess(identity, 'SIGKILL');
    await delay(lookDelay);
  }
}
