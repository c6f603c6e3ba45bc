import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { RunStatus } from '../../../src/core/deployment/toRunStatus';
import { leftovers } from '../../oracle/leftovers.mjs';
import { asSupervisor } from '../../support/asSupervisor';
import { CommandLine, runOf } from '../../support/commandLine';
import { until } from '../../support/startedRun';

describe('a cluster whose supervisor is killed', () => {
  let cli: CommandLine;
  beforeEach(() => {
    cli = new CommandLine();
    cli.experiment({}, { db_nodes: 3 });
  });
  afterEach(() => cli.end());

  function shardsOf(run: RunStatus): readonly (readonly unknown[])[] {
    return run.orchestrators[0]!.shards.map(({ name, pid, status, slots }) => [name, pid, status, slots]);
  }

  it('goes on when it is adopted: the same processes, slots and state', async () => {
    await cli.withFault('launch-finished:after:1', 'up', '--detach', cli.file);
    const lost = await cli.status();
    assert.equal(lost.cause?.code, 'supervisor-lost');
    const { shards } = lost.orchestrators[0]!;
    const runDirectory = path.join(cli.work.path, 'lattice/.smartsim/workbench', lost.id);
    const config = (...words: readonly string[]): readonly string[] =>
      shards.map(({ port }) => asSupervisor(runDirectory, port, 'CONFIG', ...words));
    // As a supervisor leaves it that is killed while it mends the cluster.
    config('SET', 'cluster-node-timeout', '1000');
    const adopted = runOf(await cli.ssw('adopt', cli.file, '--json'));
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
    assert.equal((await cli.ssw('down', cli.file)).exitCode, 0);
  });

  for (const [fault, way] of [
    ['process-started:before:2', 'adopt'],
    ['shard-answered:after:1', 'down'],
    ['cluster-forming:after:1', 'adopt'],
    ['orchestrator-ready:before:1', 'down'],
  ] as const) {
    it(`is rolled back by ${way} when that happened at ${fault}`, async () => {
      await cli.withFault(fault, 'up', '--detach', cli.file);
      assert.equal((await cli.status()).phase, 'lost');
      assert.equal((await cli.ssw(way, cli.file)).exitCode, 0);
      assert.equal((await cli.ssw('down', cli.file)).exitCode, 0);
      const run = await cli.status();
      assert.equal(run.phase, 'failed');
      assert.equal(run.cause?.code, 'launch-interrupted');
      assert.deepEqual(leftovers({ below: [cli.work.path] }).processes, []);
    });
  }
});
