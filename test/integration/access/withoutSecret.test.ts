import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../../src/core/base/problem';
import type { DeploymentPlan } from '../../../src/core/plan/deploymentPlan';
import { adoptRun } from '../../../src/core/run/adoptRun';
import { openRun } from '../../../src/core/run/openRun';
import type { RunRecord } from '../../../src/core/run/runRecord';
import { freePort } from '../../support/freePort';
import { journaled } from '../../support/killedRun';
import { planOf, withoutDefaultUser } from '../../support/planOf';
import { fixtureModel, recordedRuns, startOptions } from '../../support/startedRun';
import { killSupervisor, StartedRuns } from '../../support/startedRuns';

describe('a run without the secret of its servers', () => {
  let runs: StartedRuns;
  let plan: DeploymentPlan;

  beforeEach(async () => {
    runs = new StartedRuns();
    const models = [{ name: 'sim', argv: fixtureModel('wait') }];
    plan = planOf({ directory: runs.work.path, port: await freePort(), models });
  });
  afterEach(() => runs.end());

  /** Launches, kills the supervisor and takes the secret away; gives the record of the run. */
  async function lostWithoutSecret(launched: DeploymentPlan): Promise<RunRecord> {
    const run = await runs.launch(launched);
    run.dispose();
    await killSupervisor(run);
    rmSync(path.join(launched.runDirectory, 'secret'));
    const [record] = await recordedRuns(runs.work);
    return record!;
  }

  /** Adopts such a run, measures and stops it; gives how the server was ended. */
  async function adoptedAndStopped(
    launched: DeploymentPlan,
  ): Promise<{ clients: number | undefined; by: unknown[] }> {
    const record = await lostWithoutSecret(launched);
    const adopted = await adoptRun(record, startOptions(runs.work));
    assert.ok(adopted.ok, adopted.problems.map(messageOf).join());
    await adopted.value.measure();
    const { clients } = adopted.value.snapshot.orchestrators[0]!.shards[0]!;
    const stopped = await adopted.value.stop();
    assert.ok(stopped.ok, stopped.problems.map(messageOf).join());
    adopted.value.dispose();
    assert.notEqual((await openRun(record)).snapshot.endedAt, undefined);
    return { clients, by: await attemptsToEndServer() };
  }

  async function attemptsToEndServer(): Promise<unknown[]> {
    const events = await journaled(plan.runDirectory);
    return events.flatMap((event) =>
      event.type === 'end-attempted' && event.names.includes('orchestrator_0') ? [event.by] : [],
    );
  }

  it('of a version whose servers knew no users is measured and stopped as it was', async () => {
    const { clients, by } = await adoptedAndStopped(withoutDefaultUser(plan));
    assert.equal(clients, 1);
    assert.deepEqual(by, ['SHUTDOWN']);
  });

  it('that somebody has removed is measured, and its server ended by a signal', async () => {
    const { clients, by } = await adoptedAndStopped(plan);
    assert.equal(clients, 1);
    assert.deepEqual(by, ['SHUTDOWN', 'SIGTERM']);
  });

  it('that is there and cannot be read is not adopted, and is ended by its identities', async () => {
    const record = await lostWithoutSecret(plan);
    // Root may read every file, but no directory is one.
    mkdirSync(path.join(plan.runDirectory, 'secret'));
    const adopted = await adoptRun(record, startOptions(runs.work));
    assert.equal(adopted.ok, false);
    const [problem] = adopted.problems;
    assert.equal(problem?.code, 'supervisor-not-started');
    assert.match(problem.evidence ?? '', /secret, cannot be read: EISDIR.*`ssw down`/);
    assert.doesNotMatch(problem.evidence ?? '', /\n *at /, 'no bug, so no place in the program');
    const run = await openRun(record);
    assert.equal(run.snapshot.phase, 'lost');
    const stopped = await run.stop();
    assert.ok(stopped.ok, stopped.problems.map(messageOf).join());
    assert.deepEqual(await attemptsToEndServer(), ['SHUTDOWN', 'SIGTERM']);
  });
});
