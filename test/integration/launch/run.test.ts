import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { messageOf } from '../../../src/core/base/problem';
import { openRun } from '../../../src/core/run/openRun';
import { RunIndex } from '../../../src/core/run/runIndex';
import { startRun } from '../../../src/core/run/startRun';
import { asSupervisor } from '../../support/asSupervisor';
import { planOf } from '../../support/planOf';
import {
  fixtureModel,
  modelOf,
  recordedRuns,
  startOptions,
  until,
  untilRunIs,
} from '../../support/startedRun';
import { StartedRuns } from '../../support/startedRuns';

describe('a run', () => {
  let runs: StartedRuns;
  beforeEach(() => {
    runs = new StartedRuns();
  });
  afterEach(() => runs.end());

  it('is ready when its server answers and its models run; they can use the server', async () => {
    const run = await runs.launchModels({ name: 'sim', argv: fixtureModel('wait') });
    const redis = (...args: readonly string[]): string => {
      const { port } = run.snapshot.orchestrators[0]!.shards[0]!;
      return execFileSync('redis-cli', ['-p', String(port), ...args], { encoding: 'utf8' });
    };
    assert.equal(run.snapshot.phase, 'ready');
    assert.equal(run.snapshot.orchestrators[0]!.phase, 'ready');
    assert.equal(redis('SET', 'a', '1'), 'OK\n');
    await run.measure();
    const [shard] = run.snapshot.orchestrators[0]!.shards;
    assert.equal(shard!.keys, 1);
    assert.ok(shard!.usedMemory! > 100_000);
    assert.equal(Number(/process_id:(\d+)/.exec(redis('INFO', 'server'))![1]), shard!.identity!.pid);
  });

  it('shows a model and a server that were killed, with the cause, and stops the rest', async () => {
    const run = await runs.launchModels(
      { name: 'sim', argv: fixtureModel('wait') },
      { name: 'other', argv: fixtureModel('wait') },
    );
    process.kill(modelOf(run, 'sim').identity!.pid, 'SIGKILL');
    await untilRunIs(run, 'sim has failed', () => modelOf(run, 'sim').status === 'Failed');
    assert.equal(modelOf(run, 'sim').returnCode, null);
    assert.match(messageOf(modelOf(run, 'sim').cause!), /SIGKILL.*out of memory/);
    assert.equal(run.snapshot.phase, 'degraded');
    process.kill(run.snapshot.orchestrators[0]!.shards[0]!.identity!.pid, 'SIGKILL');
    await untilRunIs(run, 'the server has failed', () => run.snapshot.orchestrators[0]!.phase === 'failed');
    assert.match(messageOf(run.snapshot.cause!), /orchestrator_0 ended by itself: killed by SIGKILL/);
    assert.equal(modelOf(run, 'other').status, 'Running');
    const stopped = await run.stop();
    assert.ok(stopped.ok);
    assert.equal(stopped.value.phase, 'failed');
    assert.equal(stopped.value.models[1]!.status, 'Cancelled');
  });

  it('takes a server that somebody shut down as failed, not as completed', async () => {
    const run = await runs.launchModels({ name: 'sim', argv: fixtureModel('wait') });
    asSupervisor(
      run.snapshot.runDirectory,
      run.snapshot.orchestrators[0]!.shards[0]!.port,
      'SHUTDOWN',
      'NOSAVE',
    );
    await untilRunIs(run, 'the server has failed', () => run.snapshot.orchestrators[0]!.phase === 'failed');
    assert.equal(run.snapshot.orchestrators[0]!.shards[0]!.returnCode, 0);
    assert.equal(run.snapshot.phase, 'degraded');
  });

  it('stops models first, then the server, in order', async () => {
    const run = await runs.launchModels({ name: 'sim', argv: fixtureModel('wait') });
    const exits: string[] = [];
    run.onDidChange(({ snapshot }) => {
      const [shard] = snapshot.orchestrators[0]!.shards;
      exits.push(`${snapshot.models[0]!.status} ${shard!.status}`);
    });
    const stopped = await run.stop();
    assert.ok(stopped.ok);
    assert.deepEqual([...new Set(exits)], ['Running Running', 'Cancelled Running', 'Cancelled Cancelled']);
    assert.equal(stopped.value.phase, 'stopped');
    // In order: the server wrote so, and nothing had to kill it.
    assert.equal(stopped.value.orchestrators[0]!.shards[0]!.returnCode, 0);
    assert.equal(run.live, false);
  });

  it('kills by force a model that ignores SIGTERM, and all that it has started', async () => {
    const run = await runs.launchModels({ name: 'sim', argv: fixtureModel('stubborn') });
    const { out } = modelOf(run, 'sim');
    await until('both grandchildren run', () => readFileSync(out, 'utf8').split('grandchild').length === 3);
    const began = performance.now();
    const orderly = run.stop();
    await until('the polite request is refused', () => readFileSync(out, 'utf8').includes('no'));
    await run.stop({ force: true });
    await orderly;
    assert.ok(performance.now() - began < 4900, 'the grace time was not waited for');
    await runs.assertNothingLeft();
  });

  it('ends by itself when everything has ended, and tells so from its record', async () => {
    const run = await runs.launchModels({ name: 'sim', argv: fixtureModel('exit', '0') });
    await untilRunIs(run, 'sim is completed', () => modelOf(run, 'sim').status === 'Completed');
    asSupervisor(
      run.snapshot.runDirectory,
      run.snapshot.orchestrators[0]!.shards[0]!.port,
      'SHUTDOWN',
      'NOSAVE',
    );
    await untilRunIs(run, 'the run is over', () => run.snapshot.endedAt !== undefined && !run.live);
    const [record] = await recordedRuns(runs.work);
    const again = await openRun(record!);
    assert.equal(again.live, false);
    assert.deepEqual(again.snapshot, run.snapshot);
  });

  it('is seen alike by every window, and outlives the one that launched it', async () => {
    const first = await runs.launchModels({ name: 'sim', argv: fixtureModel('wait') });
    const [record] = await recordedRuns(runs.work);
    const second = await openRun(record!);
    runs.keep(second);
    assert.equal(second.live, true);
    assert.deepEqual(second.snapshot, first.snapshot);
    first.dispose();
    process.kill(modelOf(second, 'sim').identity!.pid, 'SIGKILL');
    await untilRunIs(second, 'the death is told', () => modelOf(second, 'sim').status === 'Failed');
  });

  it('tells those who watch the index when it can be connected to', async () => {
    const index = new RunIndex(runs.work.directories);
    let live = false;
    const watching = index.onDidChange(async () => {
      for (const record of await recordedRuns(runs.work)) {
        const seen = await openRun(record);
        live ||= seen.live;
        seen.dispose();
      }
    });
    try {
      await runs.launchModels({ name: 'sim', argv: fixtureModel('wait') });
      await until('a live run is seen', () => live);
    } finally {
      watching.dispose();
    }
  });

  it('is refused a second time while it is live, and allowed after', async () => {
    const run = await runs.launchModels({ name: 'sim', argv: fixtureModel('wait') });
    const secondPlan = planOf({ directory: runs.work.path });
    const second = await startRun(secondPlan, startOptions(runs.work));
    assert.equal(second.problems[0]?.code, 'run-already-live');
    assert.throws(() => statSync(secondPlan.runDirectory), /ENOENT/);
    assert.equal((await recordedRuns(runs.work)).length, 1);
    await run.stop();
    const models = [{ name: 'sim', argv: fixtureModel('exit', '0') }];
    const third = await runs.start(planOf({ directory: runs.work.path, models }));
    await untilRunIs(third, 'it is over', () => third.snapshot.endedAt !== undefined);
  });

  it('is launched by exactly one of several that try at the same moment', async () => {
    const plans = Array.from({ length: 4 }, () =>
      planOf({ directory: runs.work.path, models: [{ name: 'sim', argv: fixtureModel('wait') }] }),
    );
    for (const plan of plans) runs.expect(plan);
    const results = await Promise.all(plans.map((each) => startRun(each, startOptions(runs.work))));
    const won = results.filter((result) => result.ok);
    for (const result of won) runs.keep(result.value);
    assert.equal(won.length, 1);
    for (const result of results) {
      if (!result.ok) assert.equal(result.problems[0]?.code, 'run-already-live');
    }
  });
});
