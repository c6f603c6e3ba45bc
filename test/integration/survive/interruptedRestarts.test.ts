import assert from 'node:assert/strict';
import { CommandLine } from '../../support/commandLine';
import { until } from '../../support/startedRun';

describe('a restart in whose middle the supervisor is killed', () => {
  let cli: CommandLine;
  beforeEach(() => {
    cli = new CommandLine();
  });
  afterEach(() => cli.end());

  for (const [shards, fault] of [
    [1, 'process-started:after:2'],
    [1, 'orchestrator-ready:before:2'],
    [3, 'cluster-forming:after:2'],
    [3, 'orchestrator-ready:before:2'],
  ] as const) {
    it(`is finished after the take-over: ${shards} shards, at ${fault}`, async () => {
      cli.experiment({}, { db_nodes: shards });
      assert.equal((await cli.withFault(fault, 'up', '--detach', cli.file)).exitCode, 0);
      assert.equal((await cli.ssw('restart', cli.file, 'orchestrator_0')).exitCode, 1);
      const lost = await cli.status();
      assert.equal(lost.cause?.code, 'supervisor-lost');
      assert.equal((await cli.ssw('adopt', cli.file)).exitCode, 0);
      await until('it is ready again', async () => (await cli.status()).phase === 'ready');
      const { phase, shards: taken } = (await cli.status()).orchestrators[0]!;
      assert.equal(phase, 'ready');
      assert.deepEqual(
        taken.map(({ pid }) => pid),
        lost.orchestrators[0]?.shards.map(({ pid }) => pid),
      );
    });
  }
});
