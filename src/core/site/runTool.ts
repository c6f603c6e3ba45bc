import { execa } from 'execa';
import type { Environment } from '../base/userDirectories';

/** A program of this machine that is asked something or told to do something, and ends by itself. */
export interface ToolRequest {
  /** Program first; no shell is between. */
  readonly argv: readonly [program: string, ...args: string[]];
  /** The whole environment, before `toolEnvironment` cleans it. */
  readonly environment: Environment;
  readonly directory?: string;
  /** Milliseconds after which it is ended. */
  readonly limitMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Called with each line of both outputs as it comes. */
  readonly onLine?: (line: string) => void;
}

export type ToolOutcome =
  | {
      readonly kind: 'ended';
      readonly exitCode: number;
      readonly output: string;
      readonly errorOutput: string;
    }
  /** It could not be started at all. */
  | { readonly kind: 'not-started'; readonly reason: string }
  /** It was ended before its time. */
  | {
      readonly kind: 'cut-short';
      readonly by: 'limit' | 'cancel' | 'too-much-output' | 'signal';
      readonly errorOutput: string;
    };

/** Characters of each output; a tool that says more is ended. */
const outputLimit = 4 * 1024 * 1024;
/** Milliseconds between the polite and the hard end. */
const grace = 1000;

/**
 * Runs a tool in a process group of its own, so that nothing that it started outlives a limit or a cancel.
 * Never throws for anything that the tool or the system does.
 */
export async function runTool(request: ToolRequest): Promise<ToolOutcome> {
  if (request.signal?.aborted === true) return { kind: 'cut-short', by: 'cancel', errorOutput: '' };
  const [program, ...args] = request.argv;
  const { onLine } = request;
  const lines = onLine && {
    *transform(line: unknown) {
      onLine(String(line));
      yield line;
    },
  };
  const child = execa(program, args, {
    env: toolEnvironment(request.environment),
    extendEnv: false,
    ...(request.directory === undefined ? {} : { cwd: request.directory }),
    stdin: 'ignore',
    stdout: lines ? ['pipe', lines] : 'pipe',
    stderr: lines ? ['pipe', lines] : 'pipe',
    maxBuffer: outputLimit,
    reject: false,
    detached: true,
  });

  let cutBy: 'limit' | 'cancel' | undefined;
  let hardEnd: NodeJS.Timeout | undefined;
  const end = (reason: 'limit' | 'cancel'): void => {
    cutBy ??= reason;
    signalGroup(child.pid, 'SIGTERM');
    hardEnd ??= setTimeout(() => {
      signalGroup(child.pid, 'SIGKILL');
      // A grandchild that left the group may still hold the pipes.
      child.stdout.destroy();
      child.stderr.destroy();
    }, grace);
  };
  const limit = setTimeout(() => {
    end('limit');
  }, request.limitMs);
  const cancel = (): void => {
    end('cancel');
  };
  request.signal?.addEventListener('abort', cancel, { once: true });

  const result = await child;
  clearTimeout(limit);
  clearTimeout(hardEnd);
  request.signal?.removeEventListener('abort', cancel);

  const errorOutput = text(result.stderr);
  if (cutBy !== undefined) return { kind: 'cut-short', by: cutBy, errorOutput };
  if (result.isMaxBuffer) {
    signalGroup(child.pid, 'SIGKILL');
    return { kind: 'cut-short', by: 'too-much-output', errorOutput };
  }
  if (result.exitCode !== undefined)
    return { kind: 'ended', exitCode: result.exitCode, output: text(result.stdout), errorOutput };
  if (result.signal !== undefined) return { kind: 'cut-short', by: 'signal', errorOutput };
  return { kind: 'not-started', reason: result.originalMessage ?? result.code ?? 'unknown reason' };
}

/** What a tool inherits: English output, and nothing that would load code into it or into Node. */
export function toolEnvironment(environment: Environment): Record<string, string> {
  const loaders = /^(LD_PRELOAD|LD_AUDIT|DYLD_INSERT_LIBRARIES|NODE_OPTIONS|ELECTRON_RUN_AS_NODE|VSCODE_.*)$/;
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !loaders.test(entry[0]),
  );
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}

function signalGroup(pid: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Gone already.
  }
}

/** With line transforms execa gives lists of lines. */
function text(output: unknown): string {
  if (typeof output === 'string') return output;
  return Array.isArray(output) ? output.join('\n') : '';
}
