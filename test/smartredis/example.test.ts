import assert from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { smartredisPython } from '../../scripts/smartredisClient.mjs';
import type { RunStatus } from '../../src/core/deployment/toRunStatus';
import { projectRoot } from '../support/projectRoot';
import { runCli } from '../support/runCli';
import { workDirectory, type WorkDirectory } from '../support/workDirectory';

describe('examples/smartredis', function () {
  this.timeout(120_000);
  let python: string;
  let work: WorkDirectory;

  before(function () {
    this.timeout(300_000);
    python = smartredisPython();
    work = workDirectory();
    cpSync(path.join(projectRoot, 'examples/smartredis'), work.path, { recursive: true });
  });
  after(() => {
    work.remove();
  });

  it('couples two programs through a cluster of three shards', async () => {
    const { exitCode, out, err } = await runCli(['up', 'waves.smartsim.yaml', '--json'], {
      directory: work.path,
      environment: {
        ...process.env,
        PATH: `${path.dirname(python)}:${process.env['PATH'] ?? ''}`,
        HOME: work.path,
        XDG_RUNTIME_DIR: work.path,
      },
    });
    assert.equal(exitCode, 0, err);
    const [run] = (JSON.parse(out) as { runs: readonly RunStatus[] }).runs;
    assert.equal(run?.orchestrators[0]?.shards.length, 3);
    assert.equal(run.orchestrators[0].ai, 'builtin');
    const printed = readFileSync(path.join(work.path, 'waves/analysis/analysis.out'), 'utf8');
    assert.equal(
      printed.match(/^step +\d+ +highest at 0\.\d{3} +energy 0\.\d{5} m²$/gm)?.length,
      40,
      printed,
    );
    assert.match(printed, /^40 waves analysed$/m);
  });
});
