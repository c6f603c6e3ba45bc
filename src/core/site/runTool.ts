import type { Readable } from 'node:stream';
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
      readonly by: CutBy | 'signal';
      readonly errorOutput: string;
    };

type CutBy = 'limit' | 'cancel' | 'too-much-output';

/** Characters of each output; a tool that says more is ended. */
const outputLimit = 4 * 1024 * 1024;
/** Milliseconds between the polite and the hard end. */
const grace = 1000;

/**
 * Runs a tool in a process group of its own, so that nothing that it started outlives a limit or a cancel.
 * Never throws for anything that the tool or the system does.
 */
export async function runTool(request: ToolRequest): Promise<ToolOutcome> {
  const { signal, onLine } = request;
  if (signal?.aborted === true) return { kind: 'cut-short', by: 'cancel', errorOutput: '' };
  const [program, ...args] = request.argv;
  const child = execa(program, args, {
    env: toolEnvironment(request.environment),
    extendEnv: false,
    ...(request.directory === undefined ? {} : { cwd: request.directory }),
    stdin: 'ignore',
    // Collected here: at a limit execa only closes its end, and waits for a tool that does not mind.
    buffer: false,
    reject: false,
    detached: true,
  });

  let cutBy: CutBy | undefined;
  let hardEnd: NodeJS.Timeout | undefined;
  const end = (reason: CutBy): void => {
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
  signal?.addEventListener('abort', cancel, { once: true });
  const tooMuch = (): void => {
    end('too-much-output');
  };
  const output = collect(child.stdout, tooMuch, onLine);
  const errorOutput = collect(child.stderr, tooMuch, onLine);

  const result = await child;
  clearTimeout(limit);
  clearTimeout(hardEnd);
  signal?.removeEventListener('abort', cancel);

  if (cutBy !== undefined) return { kind: 'cut-short', by: cutBy, errorOutput: errorOutput() };
  if (result.exitCode !== undefined)
    return { kind: 'ended', exitCode: result.exitCode, output: output(), errorOutput: errorOutput() };
  if (result.signal !== undefined) return { kind: 'cut-short', by: 'signal', errorOutput: errorOutput() };
  return { kind: 'not-started', reason: result.originalMessage ?? result.code ?? 'unknown reason' };
}

/** Keeps what a stream says, up to the limit, and tells its lines; the answer gives what was kept, without the last line break. */
function collect(
  stream: Readable,
  tooMuch: () => void,
  onLine: ((line: string) => void) | undefined,
): () => string {
  let text = '';
  let told = 0;
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    if (text.length + chunk.length > outputLimit) {
      tooMuch();
      return;
    }
    text += chunk;
    for (let next = text.indexOf('\n', told); next >= 0; next = text.indexOf('\n', told)) {
      onLine?.(text.slice(told, next));
      told = next + 1;
    }
  });
  stream.on('end', () => {
    if (told < text.length) onLine?.(text.slice(told));
  });
  return () => text.replace(/\r?\n$/, '');
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
