import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RunStatus } from '../../../src/core/deployment/toRunStatus';
import { killQuietly } from '../../../src/core/launch/processIdentity';
import { leftovers } from '../../oracle/leftovers.mjs';
import { asSupervisor } from '../../support/asSupervisor';
import { runCli, type CliOutcome } from '../../support/runCli';
import { until } from '../../support/startedRun';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

describe('a cluster whose supervisor is killed', () => {
  let work: WorkDirectory;
  let file: string;
  beforeEach(() => {
    work = workDirectory();
    file = path.join(work.path, 'lattice.smartsim.yaml');
    const orchestrator = '{port: auto, interface: lo, db_nodes: 3}';
    writeFileSync(file, `version: 1\nexperiment: lattice\nlauncher: local\norchestrator: ${orchestrator}\n`);
  });
  afterEach(() => {
    const found = leftovers({ below: [work.path] }).processes;
    for (const { pid } of found) killQuietly(pid, 'SIGKILL');
    work.remove();
    assert.deepEqual(found, []);
  });

  function ssw(words: readonly string[], fault?: string): Promise<CliOutcome> {
    const environment = {
      ...process.env,
      HOME: work.path,
      XDG_RUNTIME_DIR: work.path,
      XDG_STATE_HOME: undefined,
      XDG_DATA_HOME: undefined,
      SSW_FAULT: fault,
    };
    return runCli([...words, '--json'], { directory: work.path, environment });
  }

  function runOf({ out }: CliOutcome): RunStatus {
    const { runs } = JSON.parse(out) as { runs: readonly RunStatus[] };
    assert.equal(runs.length, 1, out);
    return runs[0]!;
  }

  function shardsOf(run: RunStatus): readonly (readonly unknown[])[] {
    return run.orchestrators[0]!.shards.map(({ name, pid, status, slots }) => [name, pid, status, slots]);
  }

  it('goes on when it is adopted: the same processes, slots and state', async () => {
    await ssw(['up', '--detach', file], 'launch-finished:after:1');
    const lost = runOf(await ssw(['status']));
    assert.equal(lost.cause?.code, 'supervisor-lost');
    const { shards } = lost.orchestrators[0]!;
    const runDirectory = path.join(work.path, 'lattice/.smartsim/workbench', lost.id);
    const config = (...words: readonly string[]): readonly string[] =>
      shards.map(({ port }) => asSupervisor(runDirectory, port, 'CONFIG', ...words));
    // As a supervisor leaves it that is killed while it mends the cluster.
    config('SET', 'cluster-node-timeout', '1000');
    const adopted = runOf(await ssw(['adopt', file]));
    assert.equal(adopted.phase, 'ready');
    assert.deepEqual(shardsOf(adopted), shardsOf(lost));
    await until('the node timeouts are those of life', () =>
      config('GET', 'cluster-node-timeout').every((told) => told.endsWith('\n15000')),
    );
    for (const { port, slots } of adopted.orchestrators[0]!.shards) {
      assert.ok(slots.length > 0);
      const told = execFileSync('redis-cli', ['-p', String(port), 'CLUSTER', 'INFO'], { encoding: 'utf8' });
      assert.match(told, /cluster_state:ok/);
    }
    assert.equal((await ssw(['down', file])).exitCode, 0);
  });

  for (const [fault, way] of [
    ['process-started:before:2', 'adopt'],
    ['shard-answered:after:1', 'down'],
    ['cluster-forming:after:1', 'adopt'],
    ['orchestrator-ready:before:1', 'down'],
  ] as const) {
    it(`is rolled back by ${way} when that happened at ${fault}`, async () => {
      await ssw(['up', '--detach', file], fault);
      assert.equal(runOf(await ssw(['status'])).phase, 'lost');
      assert.equal((await ssw([way, file])).exitCode, 0);
      assert.equal((await ssw(['down', file])).exitCode, 0);
      const run = runOf(await ssw(['status']));
      assert.equal(run.phase, 'failed');
      assert.equal(run.cause?.code, 'launch-interrupted');
      assert.deepEqual(leftovers({ below: [work.path] }).processes, []);
    });
  }
});
