import type { ParseArgsConfig } from 'node:util';
import type { Log } from '../core/base/log';
import type { Environment } from '../core/base/userDirectories';
import type { ExitCode } from './exitCodes';

/** One command of `ssw`: a file in `commands/`. */
export interface Command {
  readonly name: string;
  /** Words after the name, as help shows them. */
  readonly usage: string;
  readonly summary: string;
  /** What its own help says besides: lines, each ended. */
  readonly details?: string;
  /** Besides `--json` and `--help`, which every command has. */
  readonly options?: NonNullable<ParseArgsConfig['options']>;
  /** What is true where Ctrl-C has ended it, in words. */
  readonly whenInterrupted?: string;
  run(context: CommandContext): Promise<ExitCode>;
}

export interface CommandContext {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
  readonly json: boolean;
  readonly environment: Environment;
  readonly directory: string;
  /** Result: stdout. */
  readonly out: Output;
  /** Log and progress: stderr. */
  readonly err: Output;
  readonly log: Log;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** What the next Ctrl-C does, once; without it a Ctrl-C after the first ends `ssw` at once. */
  readonly onNextInterrupt: (act: () => void) => void;
}

export interface Output {
  readonly isTerminal: boolean;
  write(text: string): void;
  /** Resolves when the reader has taken so much that more can be written without holding it in memory, or when it has gone. */
  drained(): Promise<void>;
}

/** The command was called in a way that it does not know; ends with exit code 2. */
export class UsageError extends Error {}
