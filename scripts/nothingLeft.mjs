// The last test of every run that starts processes: whatever was started below its temporary folder has ended.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
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
    return { passed: 0, failed: 0, skipped: 1, told: [] };
  }
  const deadline = Date.now() + patience;
  for (;;) {
    const { processes } = leftovers({ below: [folder] });
    if (processes.length === 0) {
      return oneTest(unmountedBelow(folder) > 0 ? 'Disks were left mounted.' : undefined);
    }
    if (Date.now() > deadline) {
      for (const { pid, argv, runId, entity } of processes) {
        console.error(`Left running: ${pid} ${argv.join(' ')} (run ${runId}, entity ${entity})`);
        signalIfThere(pid, 'SIGKILL');
      }
      unmountedBelow(folder);
      return oneTest(
        `Left running: ${processes.map(({ pid, argv }) => `${pid} ${argv.join(' ')}`).join('; ')}`,
      );
    }
    await delay(100);
  }
}

/**
 * @param {string | undefined} fault
 * @returns {import('./testCounts.mjs').Counts}
 */
const oneTest = (fault) =>
  fault === undefined
    ? { passed: 1, failed: 0, skipped: 0, told: [] }
    : { passed: 0, failed: 1, skipped: 0, told: [fault] };

/**
 * Unmounts the small disks that tests have mounted in a folder and left; how many there were.
 * @param {string} folder
 */
function unmountedBelow(folder) {
  const mounted = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((place) => place.startsWith(`${folder}/`));
  for (const place of mounted) {
    console.error(`Left mounted: ${place}`);
    // At once out of sight, even while a process that was killed is just ending in there.
    spawnSync('umount', ['--lazy', place], { stdio: 'inherit' });
  }
  return mounted.length;
}
