// The last test of every run that starts processes: whatever was started below its temporary folder has ended.
import { setTimeout as delay } from 'node:timers/promises';
import { signalIfThere } from './childProcesses.mjs';
import { leftovers } from '../test/oracle/leftovers.mjs';

/**
 * Waits a moment for what is ending, names what stays, and ends it.
 * @param {string} folder
 * @param {number} [patience] milliseconds of that moment
 * @returns {Promise<import('./testCounts.mjs').Counts>} one test, passed or failed
 */
export async function nothingLeftBelow(folder, patience = 10_000) {
  if (process.platform !== 'linux') {
    console.error('Whether processes are left can be checked on Linux only.');
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const deadline = Date.now() + patience;
  for (;;) {
    const { processes } = leftovers({ below: [folder] });
    if (processes.length === 0) return { passed: 1, failed: 0, skipped: 0 };
    if (Date.now() > deadline) {
      for (const { pid, argv, runId, entity } of processes) {
        console.error(`Left running: ${pid} ${argv.join(' ')} (run ${runId}, entity ${entity})`);
        signalIfThere(pid, 'SIGKILL');
      }
      return { passed: 0, failed: 1, skipped: 0 };
    }
    await delay(100);
  }
}
