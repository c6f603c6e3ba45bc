import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { adoptRun } from '../../../src/core/run/adoptRun';
import type { Run } from '../../../src/core/run/run';
import { startRun } from '../../../src/core/run/startRun';
import { keepRuntime, removeUnusedRuntimes } from '../../../src/core/run/supervisorRuntime';
import { untilLaunched } from '../../../src/core/run/untilLaunched';
import { planOf } from '../../support/planOf';
import { projectRoot } from '../../support/projectRoot';
import { assertNothingLeft, fixtureModel, recordedRuns, startOptions } from '../../support/startedRun';
import { killSupervisor, StartedRuns } from '../../support/startedRuns';

describe('the program of a supervisor', () => {
  let runs: StartedRuns;
  let program: string;
  beforeEach(() => {
    runs = new StartedRuns();
    program = path.join(runs.work.path, 'supervisor.js');
    copyFileSync(path.join(projectRoot, 'dist/supervisor.js'), program);
  });
  afterEach(() => runs.end());

  async function launch(): Promise<Run> {
    const plan = planOf({ directory: runs.work.path, models: [{ name: 'sim', argv: fixtureModel('wait') }] });
    const run = await startRun(plan, startOptions(runs.work, { supervisor: program }));
    assert.ok(run.ok, JSON.stringify(run.problems));
    assert.ok((await untilLaunched(run.value)).ok);
    return runs.keep(run.value);
  }

  async function copy(): Promise<string> {
    const kept = await keepRuntime(program, runs.work.directories);
    assert.ok(kept.ok, JSON.stringify(kept.problems));
    return kept.value;
  }

  it('is kept by its content, private and whole, also after the copy was damaged', async () => {
    const kept = await copy();
    assert.equal(readFileSync(kept, 'utf8'), readFileSync(program, 'utf8'));
    assert.equal(statSync(kept).mode & 0o777, 0o600);
    assert.equal(statSync(path.dirname(kept)).mode & 0o777, 0o700);
    appendFileSync(kept, '// damage');
    assert.equal(await copy(), kept);
    assert.equal(readFileSync(kept, 'utf8'), readFileSync(program, 'utf8'));
    appendFileSync(program, '// another version');
    assert.notEqual(await copy(), kept);
  });

  it('may be removed while its run lives: the run is stopped, adopted and stopped by the copy', async () => {
    const run = await launch();
    rmSync(program);
    assert.ok((await run.restart('sim')).ok);
    await killSupervisor(run);
    const [record] = await recordedRuns(runs.work);
    const adopted = await adoptRun(record!, startOptions(runs.work, { supervisor: program }));
    assert.ok(adopted.ok, JSON.stringify(adopted.problems));
    runs.keep(adopted.value);
    assert.equal(adopted.value.snapshot.phase, 'ready');
    assert.ok((await adopted.value.stop()).ok);
  });

  it('is removed when no run needs it, and not before', async () => {
    const run = await launch();
    const kept = await copy();
    // Another version, of no run.
    writeFileSync(program, '// older');
    const older = await copy();
    assert.deepEqual(
      await removeUnusedRuntimes(runs.work.directories),
      [],
      'a launch may be about to use it',
    );
    assert.deepEqual(await removeUnusedRuntimes(runs.work.directories, 0), [path.dirname(older)]);
    assert.ok((await run.stop()).ok);
    await assertNothingLeft(planOf({ directory: runs.work.path, runId: run.record.id }));
    assert.deepEqual(await removeUnusedRuntimes(runs.work.directories, 0), [path.dirname(kept)]);
  });
});
