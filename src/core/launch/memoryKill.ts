import { closeSync, constants, openSync, readSync, readlinkSync } from 'node:fs';
import type { ProcessIdentity } from './launchEvents';

/** Microseconds in a clock tick: start times count in hundredths of a second on every Linux that Node runs on. */
const tick = 10_000;

/** The inode of the first pid namespace, whose numbers the kernel's log uses. */
const firstNamespace = 'pid:[4026531836]';

/**
 * Whether the kernel has ended this process for want of memory: true only where its log says so. Users may often not
 * read the log; then it is false. Takes some milliseconds.
 */
export function wasKilledForMemory(identity: ProcessIdentity): boolean {
  try {
    if (readlinkSync('/proc/self/ns/pid') !== firstNamespace) return false;
    return kernelLog().some((record) => tellsKillOf(record, identity));
  } catch {
    // No Linux, or no right to read it.
    return false;
  }
}

/** A record of the kernel's log: `level,number,microseconds since boot,flags;text`. The number of a process may have been another's before. */
export function tellsKillOf(record: string, { pid, startTime }: ProcessIdentity): boolean {
  const [, microseconds, text = ''] = /^\d+,\d+,(\d+),[^;]*;(.*)/.exec(record) ?? [];
  const killed = /^oom-kill:.*,pid=(\d+),/.exec(text)?.[1] ?? /Killed process (\d+) \(/.exec(text)?.[1];
  return killed === String(pid) && Number(microseconds) >= Number(startTime) * tick;
}

/** Each read gives one record; the end is told as an error. */
function kernelLog(): readonly string[] {
  const log = openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK);
  const records: string[] = [];
  const buffer = new Uint8Array(8192);
  try {
    for (;;) {
      try {
        const length = readSync(log, buffer, 0, buffer.length, null);
        if (length === 0) return records;
        records.push(new TextDecoder().decode(buffer.subarray(0, length)));
      } catch (error) {
        // EPIPE: records were overwritten while we read; what follows is there.
        if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) return records;
      }
    }
  } finally {
    closeSync(log);
  }
}
