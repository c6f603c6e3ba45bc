import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import os from 'node:os';
import type { ProcessIdentity } from './launchEvents';

/** What `/proc/PID/stat` says that we use. */
export interface ProcessStat {
  /** R, S, D, T, Z … */
  readonly state: string;
  readonly group: number;
  readonly session: number;
  /** Clock ticks since boot. */
  readonly startTime: string;
}

/** Reads a line of `/proc/PID/stat`. The program's name may hold blanks and parentheses, so fields count from the last `)`. */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const fields = text
    .slice(text.lastIndexOf(')') + 1)
    .trim()
    .split(/\s+/);
  const [state, , group, session] = fields;
  const startTime = fields[19];
  if (!text.includes(')') || state === undefined || startTime === undefined) return undefined;
  if (!/^\d+$/.test(startTime)) return undefined;
  return { state, group: Number(group), session: Number(session), startTime };
}

/** The line is about 300 bytes long, most of it numbers. */
const statLine = new Uint8Array(1024);
const latin1 = new TextDecoder('latin1');

/** undefined: there is no such process, or no `/proc`. Into one buffer, since a stop reads it of every process: half the time of `readFileSync`. */
export function readProcessStat(pid: number): ProcessStat | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(`/proc/${pid}/stat`, 'r');
    const length = readSync(descriptor, statLine, 0, statLine.length, null);
    return parseProcessStat(latin1.decode(statLine.subarray(0, length)));
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Who the process with this number is now; undefined when there is none. A zombie still has an identity. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startTime = startTimeOf(pid);
  return startTime === undefined ? undefined : { ...thisMachine(), pid, startTime };
}

/**
 * `alive`: this very process runs. `gone`: it does not (a zombie is gone). `elsewhere`: it belongs
 * to another host or pid namespace, so nothing can be said from here.
 */
export function stateOfProcess(identity: ProcessIdentity): 'alive' | 'gone' | 'elsewhere' {
  const here = thisMachine();
  if (identity.bootId !== here.bootId) return identity.hostId === here.hostId ? 'gone' : 'elsewhere';
  if (identity.pidNamespace !== here.pidNamespace) return 'elsewhere';
  if (process.platform !== 'linux')
    return startTimeOf(identity.pid) === identity.startTime ? 'alive' : 'gone';
  const stat = readProcessStat(identity.pid);
  return stat?.startTime === identity.startTime && !isDead(stat) ? 'alive' : 'gone';
}

/** A zombie, or one that is just being taken away: it does nothing any more. */
export function isDead({ state }: ProcessStat): boolean {
  return state === 'Z' || state === 'X';
}

/** Whether numbers of processes mean the same here and now as when this identity was taken. */
export function isOfThisBoot({ bootId, pidNamespace }: ProcessIdentity): boolean {
  const here = thisMachine();
  return bootId === here.bootId && pidNamespace === here.pidNamespace;
}

/** Signals the process only if it is the very one. True when the signal was sent. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (stateOfProcess(identity) !== 'alive') return false;
  return killQuietly(identity.pid, signal);
}

/** `process.kill` that takes a process which has just ended as an answer. */
export function killQuietly(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM')) {
      return false;
    }
    throw error;
  }
}

/**
 * Whether a process, or with a negative number anybody in a process group, is there, and whether we may signal it. Another
 * user's may not be signalled, not even by whoever started it.
 */
export function reachOf(pid: number): 'free' | 'forbidden' | 'gone' {
  try {
    process.kill(pid, 0);
    return 'free';
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? 'forbidden' : 'gone';
  }
}

function startTimeOf(pid: number): string | undefined {
  if (process.platform === 'linux') return readProcessStat(pid)?.startTime;
  return commandOutput('ps', ['-o', 'lstart=', '-p', String(pid)]);
}

type Machine = Pick<ProcessIdentity, 'hostId' | 'bootId' | 'pidNamespace'>;
let machine: Machine | undefined;

/** Does not change while this process lives, so it is read once. */
function thisMachine(): Machine {
  machine ??= {
    hostId: createHash('sha256')
      .update(`${readOrUndefined('/etc/machine-id') ?? ''}\0${os.hostname()}`)
      .digest('hex')
      .slice(0, 32),
    bootId:
      readOrUndefined('/proc/sys/kernel/random/boot_id')?.trim() ??
      commandOutput('sysctl', ['-n', 'kern.bootsessionuuid']) ??
      '',
    pidNamespace: pidNamespace(),
  };
  return machine;
}

function pidNamespace(): string {
  try {
    return /\[(\d+)\]/.exec(readlinkSync('/proc/self/ns/pid'))?.[1] ?? '';
  } catch {
    return '';
  }
}

function readOrUndefined(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function commandOutput(program: string, args: readonly string[]): string | undefined {
  try {
    const text = execFileSync(program, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    return text === '' ? undefined : text;
  } catch {
    return undefined;
  }
}
