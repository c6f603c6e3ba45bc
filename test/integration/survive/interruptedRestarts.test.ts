import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RunStatus } from '../../../src/core/deployment/toRunStatus';
import { killQuietly } from '../../../src/core/launch/processIdentity';
import { leftovers } from '../../oracle/leftovers.mjs';
import { runCli, type CliOutcome } from '../../support/runCli';
import { until } from '../../support/startedRun';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

describe('a restart in whose middle the supervisor is killed', () => {
  let work: WorkDirectory;
  let file: string;
  beforeEach(() => {
    work = workDirectory();
    file = path.join(work.path, 'lattice.smartsim.yaml');
  });
  afterEach(async () => {
    await ssw(['down', file, '--force']);
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

  async function status(): Promise<RunStatus> {
    const { runs } = JSON.parse((await ssw(['status', file])).out) as { runs: readonly RunStatus[] };
    assert.ok(runs[0]);
    return runs[0];
  }

  for (const [shards, fault] of [
    [1, 'process-started:after:2'],
    [1, 'orchestrator-ready:before:2'],
    [3, 'cluster-forming:after:2'],
    [3, 'orchestrator-ready:before:2'],
  ] as const) {
    it(`is finished after the take-over: ${shards} shards, at ${fault}`, async () => {
      const orchestrator = `{port: auto, interface: lo, db_nodes: ${shards}}`;
      writeFileSync(file, `version: 1\nexperiment: lattice\norchestrator: ${orchestrator}\n`);
      assert.equal((await ssw(['up', '--detach', file], fault)).exitCode, 0);
      assert.equal((await ssw(['restart', file, 'orchestrator_0'])).exitCode, 1);
      const lost = await status();
      assert.equal(lost.cause?.code, 'supervisor-lost');
      assert.equal((await ssw(['adopt', file])).exitCode, 0);
      await until('it is ready again', async () => (await status()).phase === 'ready');
      const { phase, shards: taken } = (await status()).orchestrators[0]!;
      assert.equal(phase, 'ready');
      assert.deepEqual(
        taken.map(({ pid }) => pid),
        lost.orchestrators[0]?.shards.map(({ pid }) => pid),
      );
    });
  }
});
