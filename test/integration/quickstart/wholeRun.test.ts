import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { RunStatus } from '../../../src/core/deployment/toRunStatus';
import { leftovers } from '../../oracle/leftovers.mjs';
import { projectRoot } from '../../support/projectRoot';
import { ExampleProcess } from './exampleProcess';
import { quickstartDirectory } from './quickstartModules';

/** The quickstart as a user has it: a copy of the folder, and the built `ssw` with directories of its own. */
class Workplace {
  readonly directory = mkdtempSync(path.join(os.tmpdir(), 'quickstart-'));
  readonly file = path.join(this.directory, 'heat.smartsim.yaml');
  private readonly environment: Readonly<Record<string, string>>;

  constructor(options: { readonly steps: number; readonly pace: number; readonly patience: number }) {
    cpSync(quickstartDirectory, this.directory, {
      recursive: true,
      filter: (source) => path.basename(source) !== 'heat',
    });
    this.adapt('--steps, "2000"', `--steps, "${options.steps}"`);
    this.adapt('--pace, "250"', `--pace, "${options.pace}"`);
    this.adapt('--patience, "15"', `--patience, "${options.patience}"`);
    this.environment = Object.fromEntries(
      ['STATE_HOME', 'DATA_HOME', 'RUNTIME_DIR'].map((name) => {
        const directory = path.join(this.directory, name.toLowerCase());
        mkdirSync(directory, { mode: 0o700 });
        return [`XDG_${name}`, directory];
      }),
    );
  }

  start(...words: readonly string[]): ExampleProcess {
    return ExampleProcess.start(
      process.execPath,
      [path.join(projectRoot, 'dist/ssw.js'), ...words],
      this.environment,
      this.directory,
    );
  }

  /** Runs a command to its end; gives what it printed as JSON. */
  async json(
    expected: number,
    ...words: readonly string[]
  ): Promise<{ readonly runs: readonly RunStatus[] }> {
    const command = this.start(...words, '--json');
    assert.equal(await command.ended(), expected, command.errors + command.output);
    return JSON.parse(command.output) as { readonly runs: readonly RunStatus[] };
  }

  /** Asks for the state of the run until it is as wanted. */
  async untilStatus(wanted: (run: RunStatus) => boolean): Promise<RunStatus> {
    const deadline = Date.now() + 15_000;
    for (;;) {
      const run = (await this.json(0, 'status', this.file)).runs[0];
      assert.ok(run !== undefined);
      if (wanted(run)) return run;
      assert.ok(Date.now() < deadline, `still ${JSON.stringify(run, undefined, 2)}`);
    }
  }

  assertNothingLeft(ports: readonly number[]): void {
    const { processes, ports: taken } = leftovers({ below: [this.directory], ports });
    assert.deepEqual({ processes, taken }, { processes: [], taken: [] });
  }

  async close(): Promise<void> {
    await this.start('down', this.file, '--force').ended();
    for (const { pid } of leftovers({ below: [this.directory] }).processes) process.kill(pid, 'SIGKILL');
    rmSync(this.directory, { recursive: true, force: true });
  }

  private adapt(from: string, to: string): void {
    const text = readFileSync(this.file, 'utf8');
    assert.ok(text.includes(from), `${from} is not in the experiment file`);
    writeFileSync(this.file, text.replace(from, to));
  }
}

describe('quickstart: the whole run', function () {
  this.timeout(60_000);
  let workplace: Workplace;

  afterEach(async () => {
    await workplace.close();
  });

  it('goes from file to finished, and leaves nothing behind', async () => {
    workplace = new Workplace({ steps: 100, pace: 10, patience: 15 });
    const { runs } = await workplace.json(0, 'up', workplace.file);
    const [run] = runs;
    assert.deepEqual(
      run?.models.map(({ name, status, returnCode }) => [name, status, returnCode]),
      [
        ['simulation', 'Completed', 0],
        ['consumer', 'Completed', 0],
      ],
    );
    assert.match(
      readFileSync(path.join(workplace.directory, 'heat/consumer/consumer.out'), 'utf8'),
      /^6 frames, every one as published; .* Saved as consumer\.summary\.$/m,
    );
    const ports = run.orchestrators.flatMap(({ shards }) => shards.map(({ port }) => port));
    assert.equal(ports.length, 1);
    workplace.assertNothingLeft(ports);
  });

  it('shows a killed simulation and a killed server truthfully, and is stopped without a trace', async () => {
    workplace = new Workplace({ steps: 100_000, pace: 50, patience: 60 });
    const launched = (await workplace.json(0, 'up', '--detach', workplace.file)).runs[0];
    assert.equal(launched?.phase, 'ready');
    const [shard] = launched.orchestrators.flatMap(({ shards }) => shards);
    const simulation = launched.models.find(({ name }) => name === 'simulation');
    // The checker must be able to see this run, or its silence at the end means nothing.
    assert.equal(leftovers({ runId: launched.id, ports: [shard!.port] }).processes.length >= 3, true);

    process.kill(simulation!.pid!, 'SIGKILL');
    const degraded = await workplace.untilStatus(({ phase }) => phase === 'degraded');
    const dead = degraded.models.find(({ name }) => name === 'simulation');
    assert.deepEqual([dead?.status, dead?.returnCode, dead?.cause?.code], ['Failed', null, 'model-failed']);
    assert.match(dead?.cause?.message ?? '', /SIGKILL/);

    process.kill(shard!.pid!, 'SIGKILL');
    const broken = await workplace.untilStatus(({ models }) =>
      models.every(({ status }) => status === 'Failed'),
    );
    assert.equal(broken.orchestrators[0]?.shards[0]?.status, 'Failed');
    assert.match(broken.orchestrators[0].shards[0].cause?.message ?? '', /SIGKILL/);

    await workplace.json(0, 'down', workplace.file);
    workplace.assertNothingLeft([shard!.port]);
    assert.equal(leftovers({ runId: launched.id }).clean, true);
  });

  it('prints only fields that docs/json-output.md names', async () => {
    workplace = new Workplace({ steps: 100_000, pace: 50, patience: 60 });
    const launched = await workplace.json(0, 'up', '--detach', workplace.file);
    const measured = await workplace.json(0, 'status');
    const printed = await workplace.json(0, 'logs', 'simulation', workplace.file);
    const ended = await workplace.json(0, 'down', workplace.file);
    const planned = await workplace.json(0, 'plan', workplace.file);
    const page = readFileSync(path.join(projectRoot, 'docs/json-output.md'), 'utf8');
    const named = new Set([...page.matchAll(/`([A-Za-z]+)\??`/g)].map(([, name]) => name));
    assert.deepEqual(
      [...fieldsOf([launched, measured, printed, ended, planned])].filter((name) => !named.has(name)),
      [],
    );
  });
});

/** Names of all fields in a JSON value; the keys of `environment` are the user's, not ours. */
function fieldsOf(value: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (Array.isArray(value)) for (const item of value) fieldsOf(item, found);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      found.add(name);
      if (name !== 'environment') fieldsOf(inner, found);
    }
  }
  return found;
}
