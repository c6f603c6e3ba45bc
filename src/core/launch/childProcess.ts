import { spawn, type ChildProcess as SystemProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { Deferred } from '../base/deferred';
import { problem, type Problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import type { ProcessIdentity } from './launchEvents';
import { identify } from './processIdentity';

export interface ChildProcessStart {
  /** What it is called in messages: `Model inference`. */
  readonly name: string;
  /** Program first, as an absolute path. */
  readonly argv: readonly string[];
  readonly directory: string;
  /** All of it: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** Open file descriptors that become its stdout and stderr; the caller closes them afterwards. */
  readonly out: number;
  readonly err: number;
  /** Gives it one more pipe, descriptor 3, that we read. */
  readonly withReportPipe?: boolean;
}

/** How a process ended: exactly one of the two is not null. */
export interface ProcessEnd {
  readonly returnCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The same with what is known besides. */
export interface KnownEnd extends ProcessEnd {
  /** By the kernel, and this is proved. */
  readonly forMemory: boolean;
}

/** A process of ours, leader of a process group and a session of its own. It outlives us unless somebody ends it. */
export interface ChildProcess {
  readonly identity: ProcessIdentity;
  readonly ended: Promise<ProcessEnd>;
  readonly report?: Readable;
  /** Lets our own process end while this one lives. */
  release(): void;
}

/**
 * Starts a program, without a shell. It exists when this returns a success. Node's own `spawn`,
 * since nothing is piped, buffered or awaited here: the first call of execa costs 6 ms more, which
 * is half of what a server needs to start.
 */
export async function startChildProcess(start: ChildProcessStart): Promise<Result<ChildProcess>> {
  const [program = '', ...args] = start.argv;
  if (wouldNeedShell(program)) {
    return failure(problem('program-wrong-format', { name: start.name, program }));
  }
  let child: SystemProcess;
  try {
    child = spawn(program, args, {
      cwd: start.directory,
      env: start.environment,
      detached: true,
      stdio: ['ignore', start.out, start.err, ...(start.withReportPipe === true ? ['pipe' as const] : [])],
    });
  } catch (error) {
    // Node tells some failures this way, such as arguments that are too long.
    return failure(spawnProblem(start, error));
  }
  // Read at once: until we return to the event loop even a process that has ended is still there.
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity === undefined) {
    const [error] = (await once(child, 'error')) as [unknown];
    return failure(spawnProblem(start, error));
  }
  const ended = new Deferred<ProcessEnd>();
  child.once('exit', (returnCode, signal) => {
    ended.resolve({ returnCode, signal });
  });
  const report = child.stdio[3] as Readable | null | undefined;
  return success({
    identity,
    ended: ended.promise,
    ...(report ? { report } : {}),
    release: () => {
      report?.destroy();
      child.unref();
    },
  });
}

/**
 * A text that names no interpreter. The system refuses to run it, and the C library then hands it to
 * `/bin/sh` without asking, which would make a shell of ours out of any text file.
 */
function wouldNeedShell(program: string): boolean {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(program, 'r');
    const head = new Uint8Array(128);
    // All arguments: older VS Codes put a wrapper around `readSync` that reads nothing where the length is left out.
    const length = readSync(descriptor, head, 0, head.length, null);
    const text = new TextDecoder('latin1').decode(head.subarray(0, length));
    return !text.startsWith('#!') && !text.includes('\0');
  } catch {
    // Executable without being readable, or not there: its start tells.
    return false;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function spawnProblem(start: ChildProcessStart, error: unknown): Problem {
  const [program = ''] = start.argv;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const reason = typeof code === 'string' ? code : String(error);
  const args = { name: start.name, program, directory: start.directory, reason };
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      if (!existsSync(start.directory)) return problem('working-directory-missing', args);
      return problem(existsSync(program) ? 'interpreter-missing' : 'program-vanished', args);
    case 'EACCES':
      return problem('program-not-executable', args);
    case 'ENOEXEC':
      return problem('program-wrong-format', args);
    case 'E2BIG':
      return problem('arguments-too-long', args);
    case 'EMFILE':
    case 'ENFILE':
      return problem('too-many-open-files', args);
    case 'EAGAIN':
    case 'ENOMEM':
      return problem('too-many-processes', args);
    default:
      return problem('spawn-failed', args);
  }
}
