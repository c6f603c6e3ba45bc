import assert from 'node:assert/strict';
import { messageOf } from '../../src/core/base/problem';
import type { DeploymentPlan } from '../../src/core/plan/deploymentPlan';
import type { Run } from '../../src/core/run/run';
import { untilLaunched } from '../../src/core/run/untilLaunched';
import { freePort } from './freePort';
import { planOf, type ModelOf } from './planOf';
import { processGone } from './processGone';
import { assertNothingLeft, startedRun } from './startedRun';
import { workDirectory } from './workDirectory';

/** The runs of one test under real supervisors, in a directory of their own. */
export class StartedRuns {
  readonly work = workDirectory();
  private readonly runs: Run[] = [];
  private readonly plans = new Set<DeploymentPlan>();

  async start(plan: DeploymentPlan): Promise<Run> {
    this.expect(plan);
    return this.keep(await startedRun(plan, this.work));
  }

  /** Starts a run and waits until all of it is up. */
  async launch(plan: DeploymentPlan): Promise<Run> {
    const run = await this.start(plan);
    const launched = await untilLaunched(run);
    assert.ok(launched.ok, launched.problems.map(messageOf).join());
    return run;
  }

  /** Launches these models beside one server. */
  async launchModels(...models: readonly ModelOf[]): Promise<Run> {
    return this.launch(planOf({ directory: this.work.path, port: await freePort(), models }));
  }

  /** Ends this one, too, which the test has opened, adopted or started by other means. */
  keep(run: Run): Run {
    this.runs.push(run);
    return run;
  }

  /** Checks that nothing is left of this plan, too. */
  expect(plan: DeploymentPlan): void {
    this.plans.add(plan);
  }

  /** Ends what is not over, checks that nothing is left, and removes the directory. */
  async end(): Promise<void> {
    for (const run of this.runs) {
      if (run.snapshot.endedAt === undefined) await run.stop({ force: true });
      run.dispose();
    }
    await this.assertNothingLeft();
    this.work.remove();
  }

  /** No process of these runs lives, and their ports can be taken. */
  async assertNothingLeft(): Promise<void> {
    for (const plan of this.plans) await assertNothingLeft(plan);
  }
}

/** Kills the supervisor of a run; resolves when it is gone. */
export async function killSupervisor(run: Run): Promise<void> {
  const { pid } = run.snapshot.supervisor!;
  process.kill(pid, 'SIGKILL');
  await processGone(pid);
}
