// Running other programs: to their end, or as a process group that is ended as a whole.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';

/**
 * Runs a program to its end with our own output; throws if it does not end with 0.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} [options]
 */
export function runToEnd(file, args, options = {}) {
  const { error, status, signal } = spawnSync(file, args, { stdio: 'inherit', ...options });
  if (error) throw error;
  if (status !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${status ?? signal}.`);
}

/**
 * Ends a child that was started with `detached` together with its process group: politely, then by force.
 * Resolves when the child itself is gone and nothing of the group is left to signal.
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} graceMs
 */
export async function endProcessGroup(child, graceMs = 5000) {
  const { pid } = child;
  if (pid === undefined) return;
  const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
  signalIfThere(-pid, 'SIGTERM');
  const force = setTimeout(() => signalIfThere(-pid, 'SIGKILL'), graceMs);
  await gone;
  clearTimeout(force);
  // The leader may be gone before its children.
  signalIfThere(-pid, 'SIGKILL');
}

/**
 * Signals a process, or with a negative number the group of that leader, if it is still there.
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
export function signalIfThere(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
