import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { projectRoot } from './projectRoot';

export interface CliOutcome {
  readonly exitCode: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the built `ssw` to its end. */
export async function runCli(
  words: readonly string[],
  options: {
    readonly directory: string;
    readonly environment?: Readonly<Record<string, string | undefined>>;
    /** Milliseconds. */
    readonly limit?: number;
  },
): Promise<CliOutcome> {
  const program = path.join(projectRoot, 'dist/ssw.js');
  const child = spawn(process.execPath, [program, ...words], {
    cwd: options.directory,
    env: options.environment ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.limit ?? 15_000,
    killSignal: 'SIGKILL',
  });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { exitCode: child.exitCode, out, err };
}
