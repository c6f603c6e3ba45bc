import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { projectRoot } from './projectRoot';

/** Milliseconds after which a command is killed; a cluster may be formed while others keep all cores busy. */
const usualLimit = 60_000;

export interface CliOutcome {
  /** null: a signal has ended it. */
  readonly exitCode: number | null;
  readonly out: string;
  readonly err: string;
}

export interface CliOptions {
  readonly directory: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds after which it is killed; 60,000 when absent. */
  readonly limit?: number;
  /** Path of `ssw`; this checkout's when absent. */
  readonly program?: string;
}

/** The built `ssw`, from the moment that it is started. */
export class BegunCli {
  /** Rejects when it had to be killed because it did not end by itself. */
  readonly ended: Promise<CliOutcome>;
  private readonly child: ChildProcessByStdio<null, Readable, Readable>;
  private said = { out: '', err: '' };
  private readonly limit: number;

  constructor(words: readonly string[], options: CliOptions) {
    this.limit = options.limit ?? usualLimit;
    const program = options.program ?? path.join(projectRoot, 'dist/ssw.js');
    this.child = spawn(process.execPath, [program, ...words], {
      cwd: options.directory,
      env: options.environment ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: this.limit,
      killSignal: 'SIGKILL',
    });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => (this.said.out += text));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => (this.said.err += text));
    this.ended = this.outcomeOf(words);
  }

  /** What it has printed so far. */
  get out(): string {
    return this.said.out;
  }

  /** What it has said on stderr so far. */
  get err(): string {
    return this.said.err;
  }

  /** The signal that has ended it. */
  get signal(): NodeJS.Signals | null {
    return this.child.signalCode;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** As a reader that goes. */
  closeOutputs(): void {
    this.child.stdout.destroy();
    this.child.stderr.destroy();
  }

  private async outcomeOf(words: readonly string[]): Promise<CliOutcome> {
    const began = performance.now();
    await once(this.child, 'close');
    const overdue = this.child.signalCode === 'SIGKILL' && performance.now() - began >= this.limit;
    assert.ok(
      !overdue,
      `ssw ${words.join(' ')} was killed after ${this.limit / 1000} s; it had said: ${this.out}${this.err}`,
    );
    return { exitCode: this.child.exitCode, ...this.said };
  }
}

/** Runs the built `ssw` to its end. */
export function runCli(words: readonly string[], options: CliOptions): Promise<CliOutcome> {
  return new BegunCli(words, options).ended;
}
