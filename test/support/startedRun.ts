import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../src/core/base/problem';
import type { ModelSnapshot } from '../../src/core/deployment/runSnapshot';
import type { DeploymentPlan } from '../../src/core/plan/deploymentPlan';
import type { Run } from '../../src/core/run/run';
import { RunIndex } from '../../src/core/run/runIndex';
import type { RunRecord } from '../../src/core/run/runRecord';
import { startRun } from '../../src/core/run/startRun';
import type { StartOptions } from '../../src/core/run/supervisorProcess';
import { leftoversOf } from './leftovers';
import { projectRoot } from './projectRoot';
import { silentServer } from './silentServer';
import type { WorkDirectory } from './workDirectory';

/** Milliseconds that any wait of a test may take. */
const limit = 30_000;

export function startOptions(work: WorkDirectory, more: Partial<StartOptions> = {}): StartOptions {
  const supervisor = path.join(projectRoot, 'dist/supervisor.js');
  assert.ok(existsSync(supervisor), 'run `npm run build` first');
  return {
    node: process.execPath,
    supervisor,
    environment: process.env,
    directories: work.directories,
    ...more,
  };
}

/** The run of a plan, under a real supervisor. */
export async function startedRun(plan: DeploymentPlan, work: WorkDirectory): Promise<Run> {
  const run = await startRun(plan, startOptions(work));
  assert.ok(run.ok, run.problems.map(messageOf).join());
  return run.value;
}

/** A model program of the fixtures, started by this Node. */
export function fixtureModel(name: string, ...args: readonly string[]): readonly string[] {
  return [process.execPath, path.join(projectRoot, 'test/fixtures/models', `${name}.mjs`), ...args];
}

/** Asks again and again until the answer is true, within the limit of a test. */
export async function until(what: string, answer: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + limit;
  while (!(await answer())) {
    assert.ok(performance.now() < deadline, `${what} within ${limit} ms`);
    await delay(2);
  }
}

/** What the user's index of runs holds. */
export async function recordedRuns(work: WorkDirectory): Promise<readonly RunRecord[]> {
  const records = await new RunIndex(work.directories).list();
  assert.ok(records.ok, records.problems.map(messageOf).join());
  return records.value;
}

export function modelOf(run: Run, name: string): ModelSnapshot {
  const found = run.snapshot.models.find((model) => model.name === name);
  assert.ok(found, `model ${name}`);
  return found;
}

/** Waits for a state of the run. */
export async function untilRunIs(run: Run, what: string, holds: (run: Run) => boolean): Promise<void> {
  await until(`${what}; it is ${JSON.stringify(run.snapshot)}`, () => holds(run));
}

/** No process that carries the run's marker lives, and its ports can be taken. */
export async function assertNothingLeft(plan: DeploymentPlan): Promise<void> {
  // The supervisor closes its files after the last answer.
  await until(
    `the end of processes ${leftoversOf(plan.runId).join()}`,
    () => leftoversOf(plan.runId).length === 0,
  );
  for (const { shards } of plan.orchestrators) {
    for (const { port } of shards) await assertFree(port);
  }
}

function assertFree(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = silentServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve();
      });
    });
  });
}
