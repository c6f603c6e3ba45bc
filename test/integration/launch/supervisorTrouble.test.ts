import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../../src/core/base/problem';
import { openRun } from '../../../src/core/run/openRun';
import { startRun } from '../../../src/core/run/startRun';
import { planOf } from '../../support/planOf';
import {
  fixtureModel,
  modelOf,
  recordedRuns,
  startOptions,
  until,
  untilRunIs,
} from '../../support/startedRun';
import { killSupervisor, StartedRuns } from '../../support/startedRuns';

describe('a run whose supervisor meets trouble', () => {
  let runs: StartedRuns;
  beforeEach(() => {
    runs = new StartedRuns();
  });
  afterEach(() => runs.end());

  it('makes its socket again when something removes it', async () => {
    const run = await runs.launchModels({ name: 'sim', argv: fixtureModel('wait') });
    rmSync(run.snapshot.socket!);
    const [record] = await recordedRuns(runs.work);
    await until('it can be spoken to again', async () => {
      const again = await openRun(record!);
      const { live } = again;
      again.dispose();
      return live;
    });
  });

  it('is stopped by signal when its socket cannot be reached', async () => {
    const run = await runs.launchModels({ name: 'sim', argv: fixtureModel('wait') });
    const [record] = await recordedRuns(runs.work);
    run.dispose();
    // A file in the place of the folder: it cannot be made again.
    putFileInPlaceOf(path.dirname(run.snapshot.socket!));
    const unreachable = await openRun(record!);
    assert.equal(unreachable.live, false);
    assert.equal(unreachable.snapshot.cause?.code, 'supervisor-unreachable');
    const stopped = await unreachable.stop();
    assert.ok(stopped.ok);
    assert.equal(stopped.value.phase, 'stopped');
  });

  it('is stopped by signal when its supervisor was stopped and does not answer', async () => {
    const run = await runs.launchModels({ name: 'sim', argv: fixtureModel('wait') });
    const [record] = await recordedRuns(runs.work);
    run.dispose();
    process.kill(run.snapshot.supervisor!.pid, 'SIGSTOP');
    const unreachable = await openRun(record!);
    assert.equal(unreachable.snapshot.cause?.code, 'supervisor-unreachable');
    const stopped = await unreachable.stop();
    assert.ok(stopped.ok);
  });

  for (const harm of ['is removed', 'is damaged']) {
    it(`is still found, not launched twice, and stopped when its record ${harm} while it lives`, async () => {
      const run = await runs.launchModels({ name: 'sim', argv: fixtureModel('wait') });
      if (harm === 'is removed') rmSync(run.snapshot.runDirectory, { recursive: true });
      else writeFileSync(path.join(run.snapshot.runDirectory, 'journal.jsonl'), 'nonsense\n');
      const second = await startRun(planOf({ directory: runs.work.path }), startOptions(runs.work));
      assert.equal(second.problems[0]?.code, 'run-already-live');
      const [record] = await recordedRuns(runs.work);
      const again = await openRun(record!);
      runs.keep(again);
      assert.equal(again.live, true);
      const stopped = await again.stop();
      assert.ok(stopped.ok);
      assert.equal(stopped.value.phase, 'stopped');
      assert.equal(run.snapshot.phase, 'stopped');
    });
  }

  it('is lost, with the cause, when its supervisor is killed', async () => {
    const run = await runs.launchModels({ name: 'sim', argv: fixtureModel('wait') });
    await killSupervisor(run);
    await untilRunIs(run, 'the connection is gone', () => !run.live);
    assert.equal(run.snapshot.phase, 'lost');
    assert.equal(run.snapshot.cause?.code, 'supervisor-lost');
    assert.equal(modelOf(run, 'sim').status, 'Running');
    const { pid } = modelOf(run, 'sim').identity!;
    assert.match(
      messageOf(run.snapshot.cause),
      new RegExp(`still run: orchestrator_0 .*, sim .process ${pid}.`),
    );
    const second = await startRun(planOf({ directory: runs.work.path }), startOptions(runs.work));
    assert.equal(second.problems[0]?.code, 'run-left-over');
    assert.match(messageOf(second.problems[0]), new RegExp(`sim .process ${pid}.`));
    const stopped = await run.stop();
    assert.ok(stopped.ok);
    await runs.assertNothingLeft();
    assert.equal(run.snapshot.phase, 'stopped');
    const again = await openRun((await recordedRuns(runs.work))[0]!);
    assert.deepEqual(again.snapshot, run.snapshot);
  });

  it('kills by force what is left of it when its supervisor was killed', async () => {
    const run = await runs.launchModels({ name: 'sim', argv: fixtureModel('stubborn') });
    const { out } = modelOf(run, 'sim');
    await until('both grandchildren run', () => readFileSync(out, 'utf8').split('grandchild').length === 3);
    run.dispose();
    await killSupervisor(run);
    const lost = await openRun((await recordedRuns(runs.work))[0]!);
    assert.equal(lost.snapshot.cause?.code, 'supervisor-lost');
    assert.ok((await lost.stop({ force: true })).ok);
    assert.equal(lost.snapshot.phase, 'stopped');
  });

  it('kills a supervisor that neither listens nor ends', async () => {
    const plan = planOf({ directory: runs.work.path });
    runs.expect(plan);
    const supervisor = path.join(runs.work.path, 'supervisor.js');
    writeFileSync(supervisor, "process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000);");
    const limits = { announce: 500, end: 100 };
    const started = await startRun(plan, startOptions(runs.work, { supervisor, limits }));
    assert.equal(started.problems[0]?.code, 'supervisor-killed');
  });

  it('ends in order when its supervisor is asked to by a signal', async () => {
    const run = await runs.launchModels({ name: 'sim', argv: fixtureModel('wait') });
    process.kill(run.snapshot.supervisor!.pid, 'SIGHUP');
    process.kill(run.snapshot.supervisor!.pid, 'SIGTERM');
    await untilRunIs(run, 'it has ended', () => run.snapshot.endedAt !== undefined);
    assert.equal(run.snapshot.phase, 'stopped');
  });

  it('outlives a limit on the size of files, and closes its record when that is lifted', async () => {
    const run = await runs.launchModels({ name: 'sim', argv: fixtureModel('wait') });
    const { size } = statSync(path.join(run.snapshot.runDirectory, 'journal.jsonl'));
    const limitFiles = (limit: string): unknown =>
      execFileSync('prlimit', ['--pid', String(run.snapshot.supervisor!.pid), `--fsize=${limit}`]);
    limitFiles(`${size}:unlimited`);
    assert.ok((await run.restart('sim')).ok, 'nothing of this can be recorded');
    await untilRunIs(run, 'sim runs again', () => modelOf(run, 'sim').status === 'Running');
    assert.equal(run.live, true);
    assert.equal(statSync(path.join(run.snapshot.runDirectory, 'journal.jsonl')).size, size);
    limitFiles('unlimited');
    assert.ok((await run.stop()).ok);
    const again = await openRun((await recordedRuns(runs.work))[0]!);
    assert.deepEqual(again.snapshot, run.snapshot);
  });
});

/** The supervisor makes its socket and its folder again as soon as they are gone, perhaps between two calls. */
function putFileInPlaceOf(folder: string): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      rmSync(folder, { recursive: true, force: true });
      writeFileSync(folder, '');
      return;
    } catch (error) {
      if (attempt === 100) throw error;
    }
  }
}
