import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { success } from '../../src/core/base/result';
import type { RunSnapshot } from '../../src/core/deployment/runSnapshot';
import { killQuietly } from '../../src/core/launch/processIdentity';
import type { DeploymentPlan } from '../../src/core/plan/deploymentPlan';
import { openRun } from '../../src/core/run/openRun';
import type { RunRecord } from '../../src/core/run/runRecord';
import { startRun } from '../../src/core/run/startRun';
import { untilRun } from '../../src/core/run/untilLaunched';
import {
  adopted,
  assertShownTruly,
  assertVerdicts,
  journaled,
  onlyRecord,
  untilNoSupervisor,
} from './killedRun';
import { leftoversOf } from './leftovers';
import { random } from './random';
import { assertNothingLeft, startOptions } from './startedRun';
import { workDirectory, type WorkDirectory } from './workDirectory';

/** One moment in which a supervisor is killed: right before or after it writes the event of that number and type. */
export interface KillPoint {
  readonly type: string;
  readonly number: number;
  readonly side: 'before' | 'after';
}

/** What is launched, killed and recovered at every point. */
export interface KilledExperiment {
  readonly plan: (work: WorkDirectory) => Promise<DeploymentPlan>;
  /** Everything runs that will; then the run is stopped. */
  readonly isSettled: (snapshot: RunSnapshot) => boolean;
  /** Happens beside each run, once its supervisor is there; where that was killed at once, after it. */
  readonly beside?: (plan: DeploymentPlan, work: WorkDirectory) => Promise<void>;
  /** What else is true of a launched run that was adopted. */
  readonly assertGoesOn?: (plan: DeploymentPlan) => void;
}

/** Every event that an undisturbed run writes after its plan, twice. */
export async function pointsOfJournal(experiment: KilledExperiment): Promise<readonly KillPoint[]> {
  const work = workDirectory();
  try {
    const plan = await experiment.plan(work);
    await wholeRun(experiment, plan, work);
    await assertNothingLeft(plan);
    const counts = new Map<string, number>();
    const events = (await journaled(plan.runDirectory)).slice(1);
    return events.flatMap(({ type }) => {
      const number = (counts.get(type) ?? 0) + 1;
      counts.set(type, number);
      return [
        { type, number, side: 'before' as const },
        { type, number, side: 'after' as const },
      ];
    });
  } finally {
    work.remove();
  }
}

/** Kills at each of the points, so many at the same time, and checks what is left. Resolves to what was found. */
export async function killedAtEach(
  experiment: KilledExperiment,
  points: readonly KillPoint[],
  { seed, width }: { readonly seed: number; readonly width: number },
): Promise<readonly string[]> {
  const failures: string[] = [];
  const waiting = [...points.entries()];
  const one = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, point] = next;
      try {
        await killedAt(experiment, point, random(seed * 1000 + index));
      } catch (error) {
        const { type, side, number } = point;
        failures.push(`${side} ${type} ${number}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: width }, one));
  return failures;
}

/** Launches, waits until everything runs that will, and stops; resolves when the supervisor is gone. */
async function wholeRun(
  { isSettled, beside }: KilledExperiment,
  plan: DeploymentPlan,
  work: WorkDirectory,
  fault?: string,
): Promise<void> {
  const environment = { ...process.env, ...(fault === undefined ? {} : { SSW_FAULT: fault }) };
  const run = await startRun(plan, startOptions(work, { environment }));
  await beside?.(plan, work);
  if (run.ok) {
    const settled = await untilRun(run.value, ({ snapshot, live }) =>
      !live || isSettled(snapshot) ? success(undefined) : undefined,
    );
    assert.ok(settled.ok);
    if (run.value.live) await run.value.stop();
    run.value.dispose();
  }
  await untilNoSupervisor(plan.runId);
}

/** Points at which a supervisor that adopts is killed in turn. */
const faultsOfAdoption = [
  'run-adopted:before',
  'run-adopted:after',
  'process-exited:before',
  'process-started:after',
  'launch-failed:after',
  'end-attempted:before',
  'end-completed:after',
  'run-ended:before',
];

async function killedAt(
  experiment: KilledExperiment,
  { type, number, side }: KillPoint,
  next: () => number,
): Promise<void> {
  const work = workDirectory();
  const plan = await experiment.plan(work);
  try {
    // The longer it waits, the further its children have come.
    await wholeRun(experiment, plan, work, `${type}:${side}:${number}:${Math.floor(next() ** 2 * 60)}`);
    const record = await onlyRecord(work);
    if (record !== undefined) await recovered(experiment, record, plan, work, next);
    await assertNothingLeft(plan);
    if (record !== undefined) await assertVerdicts(plan.runDirectory);
  } finally {
    for (const pid of leftoversOf(plan.runId)) killQuietly(pid, 'SIGKILL');
    work.remove();
  }
}

/** What people do then: look, and end it, or adopt it, perhaps in vain, and end it. */
async function recovered(
  experiment: KilledExperiment,
  record: RunRecord,
  plan: DeploymentPlan,
  work: WorkDirectory,
  next: () => number,
): Promise<void> {
  const shown = await assertShownTruly(record);
  if (shown.endedAt !== undefined) return;
  assert.equal(shown.phase, 'lost');
  if (next() < 0.25) rmSync(record.program!);
  const way = next();
  if (way < 0.35) {
    const fault = `${faultsOfAdoption[Math.floor(next() * faultsOfAdoption.length)]!}:1:${Math.floor(next() * 20)}`;
    (await adopted(record, work, fault))?.dispose();
  }
  if (way > 0.65) await goesOn(experiment, record, plan, work);
  const last = await onlyRecord(work);
  const run = await openRun(last!);
  if (run.snapshot.endedAt === undefined) {
    const stopped = await run.stop({ force: next() < 0.3 });
    assert.ok(stopped.ok, JSON.stringify(stopped.problems));
  }
  run.dispose();
  assert.notEqual((await assertShownTruly(last!)).endedAt, undefined);
}

/** A launch that had come about goes on under its new supervisor; any other comes to its end. */
async function goesOn(
  { assertGoesOn }: KilledExperiment,
  record: RunRecord,
  plan: DeploymentPlan,
  work: WorkDirectory,
): Promise<void> {
  const types = new Set((await journaled(plan.runDirectory)).map(({ type }) => type));
  const launched = types.has('launch-finished') && !types.has('stop-requested');
  const run = await adopted(record, work);
  if (launched) {
    assert.ok(run!.live);
    assert.match(run!.snapshot.phase, /^(ready|degraded)$/);
    await assertShownTruly((await onlyRecord(work))!);
    assertGoesOn?.(plan);
  } else {
    const over = await untilRun(run!, ({ snapshot, live }) =>
      !live && snapshot.endedAt !== undefined ? success(undefined) : undefined,
    );
    assert.ok(over.ok);
  }
  run!.dispose();
}
