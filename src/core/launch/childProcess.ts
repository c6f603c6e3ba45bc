import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { execa } from 'execa';
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

/** A process of ours, leader of a process group and a session of its own. It outlives us unless somebody ends it. */
export interface ChildProcess {
  readonly identity: ProcessIdentity;
  readonly ended: Promise<ProcessEnd>;
  readonly report?: Readable;
  /** Lets our own process end while this one lives. */
  release(): void;
}

/** Starts a program, without a shell. It exists when this returns a success. */
export async function startChildProcess(start: ChildProcessStart): Promise<Result<ChildProcess>> {
  const [program = '', ...args] = start.argv;
  // execa passes any descriptor on, but its types know single digits only.
  const [out, err] = [start.out as 3, start.err as 3];
  const child = execa(program, args, {
    cwd: start.directory,
    env: start.environment,
    extendEnv: false,
    detached: true,
    cleanup: false,
    buffer: false,
    reject: false,
    stdio: start.withReportPipe ? ['ignore', out, err, 'pipe'] : ['ignore', out, err],
  });
  // Read at once: until we return to the event loop even a process that has ended is still there.
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity === undefined) {
    const { code, originalMessage } = await child;
    return failure(spawnProblem(start, code, originalMessage ?? 'no reason was given'));
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

function spawnProblem(start: ChildProcessStart, code: string | undefined, reason: string): Problem {
  const [program = ''] = start.argv;
  const args = { name: start.name, program, directory: start.directory, reason: code ?? reason };
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
