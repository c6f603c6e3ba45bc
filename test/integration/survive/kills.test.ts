import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import type { DeploymentPlan } from '../../../src/core/plan/deploymentPlan';
import { openRun } from '../../../src/core/run/openRun';
import type { RunRecord } from '../../../src/core/run/runRecord';
import { startRun } from '../../../src/core/run/startRun';
import { untilRun } from '../../../src/core/run/untilLaunched';
import { success } from '../../../src/core/base/result';
import { killQuietly } from '../../../src/core/launch/processIdentity';
import { Decoy } from '../../support/decoy';
import { freePort } from '../../support/freePort';
import {
  adopted,
  assertShownTruly,
  assertVerdicts,
  journaled,
  onlyRecord,
  untilNoSupervisor,
} from '../../support/killedRun';
import { leftoversOf } from '../../support/leftovers';
import { planOf } from '../../support/planOf';
import { random } from '../../support/random';
import { assertNothingLeft, fixtureModel, startOptions } from '../../support/startedRun';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

/** `npm run test:kills` asks for more. */
const seeds = Number(process.env['KILL_SEEDS'] ?? 1);
/** Runs that are killed at the same time. */
const width = 4;
/** Milliseconds for one seed: each of some fifty points takes about a second, several at a time. */
const seedLimit = 180_000;

interface Point {
  readonly type: string;
  readonly number: number;
  readonly side: 'before' | 'after';
}

describe('kill -9 of the supervisor', () => {
  let decoy: Decoy;
  before(async () => {
    // The name of an entity, of another run.
    decoy = await Decoy.start({ SSW_RUN_ID: 'another-run', SSW_ENTITY: 'sim' });
  });
  after(() => decoy.end());

  for (let seed = 1; seed <= seeds; seed += 1) {
    it(`at every point of the journal, before and after (seed ${seed})`, async () => {
      const points = await pointsOfJournal();
      assert.ok(points.length >= 40, `${points.length} points`);
      const failures: string[] = [];
      const waiting = [...points.entries()];
      const one = async (): Promise<void> => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          const [index, point] = next;
          try {
            await killedAt(point, random(seed * 1000 + index));
          } catch (error) {
            const { type, side, number } = point;
            failures.push(
              `${side} ${type} ${number}: ${error instanceof Error ? error.message : String(error)}`,
            );
          }
        }
      };
      await Promise.all(Array.from({ length: width }, one));
      assert.deepEqual(failures, []);
      decoy.assertUntouched();
    }).timeout(seedLimit);
  }
});

async function planFor(work: WorkDirectory): Promise<DeploymentPlan> {
  return planOf({
    directory: work.path,
    port: await freePort(),
    models: [
      { name: 'sim', argv: fixtureModel('wait') },
      { name: 'quick', argv: fixtureModel('orphans') },
      { name: 'late', argv: fixtureModel('wait'), dependsOn: [{ model: 'quick', condition: 'completed' }] },
    ],
  });
}

/** Launches, waits until everything runs that will, and stops; resolves when the supervisor is gone. */
async function wholeRun(plan: DeploymentPlan, work: WorkDirectory, fault?: string): Promise<void> {
  const environment = { ...process.env, ...(fault === undefined ? {} : { SSW_FAULT: fault }) };
  const run = await startRun(plan, startOptions(work, { environment }));
  if (run.ok) {
    const settled = await untilRun(run.value, ({ snapshot, live }) => {
      const late = snapshot.models.find(({ name }) => name === 'late')?.status;
      return !live || late === 'Running' || late === 'Failed' ? success(undefined) : undefined;
    });
    assert.ok(settled.ok);
    if (run.value.live) await run.value.stop();
    run.value.dispose();
  }
  await untilNoSupervisor(plan.runId);
}

/** Every event that an undisturbed run writes after its plan. */
async function pointsOfJournal(): Promise<readonly Point[]> {
  const work = workDirectory();
  try {
    const plan = await planFor(work);
    await wholeRun(plan, work);
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

async function killedAt({ type, number, side }: Point, next: () => number): Promise<void> {
  const work = workDirectory();
  const plan = await planFor(work);
  try {
    // The longer it waits, the further its children have come.
    await wholeRun(plan, work, `${type}:${side}:${number}:${Math.floor(next() ** 2 * 60)}`);
    const record = await onlyRecord(work);
    if (record !== undefined) await recovered(record, plan, work, next);
    await assertNothingLeft(plan);
    if (record !== undefined) await assertVerdicts(plan.runDirectory);
  } finally {
    for (const pid of leftoversOf(plan.runId)) killQuietly(pid, 'SIGKILL');
    work.remove();
  }
}

/** What people do then: look, and end it, or adopt it, perhaps in vain, and end it. */
async function recovered(
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
  if (way > 0.65) await goesOn(record, plan, work);
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
async function goesOn(record: RunRecord, plan: DeploymentPlan, work: WorkDirectory): Promise<void> {
  const types = new Set((await journaled(plan.runDirectory)).map(({ type }) => type));
  const launched = types.has('launch-finished') && !types.has('stop-requested');
  const run = await adopted(record, work);
  if (launched) {
    assert.ok(run!.live);
    assert.match(run!.snapshot.phase, /^(ready|degraded)$/);
    await assertShownTruly((await onlyRecord(work))!);
  } else {
    const over = await untilRun(run!, ({ snapshot, live }) =>
      !live && snapshot.endedAt !== undefined ? success(undefined) : undefined,
    );
    assert.ok(over.ok);
  }
  run!.dispose();
}
