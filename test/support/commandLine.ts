import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RunStatus } from '../../src/core/deployment/toRunStatus';
import { killQuietly } from '../../src/core/launch/processIdentity';
import { leftovers } from '../oracle/leftovers.mjs';
import { BegunCli, type CliOutcome } from './runCli';
import { workDirectory, type WorkDirectory } from './workDirectory';

type Environment = Readonly<Record<string, string | undefined>>;

/** The least that `ssw` needs, with all directories of its user inside that of the test. */
export function environmentIn(work: WorkDirectory, more: Environment = {}): Environment {
  return {
    PATH: process.env['PATH'],
    HOME: work.path,
    XDG_RUNTIME_DIR: work.path,
    TMPDIR: work.path,
    ...more,
  };
}

/** The runs that a command has printed with `--json`. */
export function runsOf({ out }: CliOutcome): readonly RunStatus[] {
  return (JSON.parse(out) as { readonly runs: readonly RunStatus[] }).runs;
}

/** The only run that a command has printed with `--json`. */
export function runOf(outcome: CliOutcome): RunStatus {
  const [run, ...more] = runsOf(outcome);
  assert.ok(run !== undefined && more.length === 0, outcome.out);
  return run;
}

/** The built `ssw`, used in the directory of one test on the one experiment there. */
export class CommandLine {
  readonly file: string;

  constructor(readonly work: WorkDirectory = workDirectory()) {
    this.file = path.join(work.path, 'lattice.smartsim.yaml');
  }

  /** Writes the experiment file: `models` maps names to programs with their arguments. */
  experiment(models: Readonly<Record<string, readonly string[]>>, orchestrator: object = {}): void {
    const sections = Object.entries(models).map(([name, [exe, ...args]]) => [
      name,
      { run_settings: { exe, exe_args: args } },
    ]);
    // JSON is YAML.
    const lines = {
      version: 1,
      experiment: 'lattice',
      orchestrator: { port: 'auto', ...orchestrator },
      ...(sections.length === 0 ? {} : { models: Object.fromEntries(sections) as object }),
    };
    const text = Object.entries(lines).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
    writeFileSync(this.file, text.join(''));
  }

  /** A command that goes on; `more` comes on top of its environment. */
  begin(words: readonly string[], more: Environment = {}): BegunCli {
    return new BegunCli(words, {
      directory: this.work.path,
      environment: environmentIn(this.work, more),
    });
  }

  ssw(...words: readonly string[]): Promise<CliOutcome> {
    return this.begin(words).ended;
  }

  /** The supervisor that the command starts, if it starts one, has this fault. */
  withFault(fault: string, ...words: readonly string[]): Promise<CliOutcome> {
    return this.begin(words, { SSW_FAULT: fault }).ended;
  }

  /** The only run there is, as `ssw status` measures it. */
  async status(): Promise<RunStatus> {
    return runOf(await this.ssw('status', this.file, '--json'));
  }

  /** Ends the run and removes the directory; what `ssw down` leaves is killed, and fails the test. */
  async end(): Promise<void> {
    await this.ssw('down', this.file, '--force');
    const left = leftovers({ below: [this.work.path] }).processes;
    for (const { pid } of left) killQuietly(pid, 'SIGKILL');
    this.work.remove();
    assert.deepEqual(left, []);
  }
}
