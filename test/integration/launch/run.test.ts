import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { lstatSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../../src/core/base/problem';
import type { ModelSnapshot } from '../../../src/core/deployment/runSnapshot';
import type { DeploymentPlan } from '../../../src/core/plan/deploymentPlan';
import { openRun } from '../../../src/core/run/openRun';
import type { Run } from '../../../src/core/run/run';
import { RunIndex } from '../../../src/core/run/runIndex';
import { startRun } from '../../../src/core/run/startRun';
import { untilLaunched } from '../../../src/core/run/untilLaunched';
import { asSupervisor } from '../../support/asSupervisor';
import { freePort } from '../../support/freePort';
import { processGone } from '../../support/processGone';
import { planOf, type ModelOf, type PlanOf } from '../../support/planOf';
import {
  assertNothingLeft,
  fixtureModel,
  recordedRuns,
  startedRun,
  startOptions,
  until,
  untilRunIs,
} from '../../support/startedRun';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

describe('a run', () => {
  let work: WorkDirectory;
  let plan: DeploymentPlan;
  const runs: Run[] = [];
  beforeEach(() => {
    work = workDirectory();
  });
  afterEach(async () => {
    for (const run of runs.splice(0)) {
      if (run.live) await run.stop({ force: true });
      run.dispose();
    }
    await assertNothingLeft(plan);
    work.remove();
  });

  async function start(given: Partial<PlanOf> = {}): Promise<Run> {
    plan = planOf({ directory: work.path, port: await freePort(), ...given });
    const run = await startedRun(plan, work);
    runs.push(run);
    return run;
  }

  async function launch(...models: readonly ModelOf[]): Promise<Run> {
    const run = await start({ models });
    const launched = await untilLaunched(run);
    assert.ok(launched.ok, JSON.stringify(launched.problems));
    return run;
  }

  function modelOf(run: Run, name: string): ModelSnapshot {
    const found = run.snapshot.models.find((model) => model.name === name);
    assert.ok(found);
    return found;
  }

  function redis(...args: readonly string[]): string {
    const { port } = plan.orchestrators[0]!.shards[0]!;
    return execFileSync('redis-cli', ['-p', String(port), ...args], { encoding: 'utf8' }).trim();
  }

  it('is ready when its server answers and its models run; they can use the server', async () => {
    const run = await launch({ name: 'sim', argv: fixtureModel('wait') });
    assert.equal(run.snapshot.phase, 'ready');
    assert.equal(run.snapshot.orchestrators[0]!.phase, 'ready');
    assert.equal(redis('SET', 'a', '1'), 'OK');
    await run.measure();
    const [shard] = run.snapshot.orchestrators[0]!.shards;
    assert.equal(shard!.keys, 1);
    assert.ok(shard!.usedMemory! > 100_000);
    assert.equal(Number(/process_id:(\d+)/.exec(redis('INFO', 'server'))![1]), shard!.identity!.pid);
  });

  it('gives a model exactly the planned environment, on top of that of the launch', async () => {
    process.env['ELECTRON_RUN_AS_NODE'] = '1';
    process.env['VSCODE_PID'] = '1';
    process.env['MINE'] = 'of the launch';
    try {
      const names = [
        'SSDB',
        'SSKEYIN',
        'EMPTY',
        'MINE',
        'PATH',
        'ELECTRON_RUN_AS_NODE',
        'VSCODE_PID',
        'SSW_ENTITY',
      ];
      const environment = { SSDB: '127.0.0.1:1', SSKEYIN: 'a,b', EMPTY: '', ECHO: names.join(' ') };
      const run = await launch({ name: 'sim', argv: fixtureModel('echo'), environment });
      await untilRunIs(run, 'sim is completed', () => modelOf(run, 'sim').status === 'Completed');
      const told = JSON.parse(readFileSync(modelOf(run, 'sim').out, 'utf8')) as {
        environment: unknown;
        directory: string;
      };
      assert.deepEqual(told.environment, {
        SSDB: '127.0.0.1:1',
        SSKEYIN: 'a,b',
        EMPTY: '',
        MINE: 'of the launch',
        PATH: process.env['PATH'],
        ELECTRON_RUN_AS_NODE: null,
        VSCODE_PID: null,
        SSW_ENTITY: 'sim',
      });
      assert.equal(told.directory, path.join(plan.directory, 'sim'));
    } finally {
      for (const name of ['ELECTRON_RUN_AS_NODE', 'VSCODE_PID', 'MINE'])
        Reflect.deleteProperty(process.env, name);
    }
  });

  it('passes arguments on byte for byte', async () => {
    const args = [
      'a b',
      '',
      '-x',
      '--',
      '--steps=3',
      'line\nbreak',
      'ünïcödé ∑ 模型 🚀',
      '$HOME `id` "q" \'s\' \\',
      '*',
      ' ',
    ];
    const run = await launch({ name: 'sim', argv: fixtureModel('echo', ...args) });
    await untilRunIs(run, 'sim is completed', () => modelOf(run, 'sim').status === 'Completed');
    const told = JSON.parse(readFileSync(modelOf(run, 'sim').out, 'utf8')) as { args: unknown };
    assert.deepEqual(told.args, args);
  });

  it('writes output to private files, with links beside the model', async () => {
    const run = await launch({ name: 'sim', argv: fixtureModel('echo') });
    await untilRunIs(run, 'sim is completed', () => modelOf(run, 'sim').status === 'Completed');
    const { out, err } = modelOf(run, 'sim');
    assert.match(readFileSync(err, 'utf8'), /something on stderr/);
    assert.equal(readlinkSync(path.join(plan.directory, 'sim/sim.out')), out);
    assert.equal(readlinkSync(path.join(plan.directory, 'sim/sim.err')), err);
    for (const [file, mode] of [
      [plan.runDirectory, 0o700],
      [path.join(plan.runDirectory, 'logs'), 0o700],
      [path.join(plan.runDirectory, 'journal.jsonl'), 0o600],
      [plan.orchestrators[0]!.shards[0]!.configuration.path, 0o600],
      [out, 0o600],
      [run.snapshot.socket!, 0o600],
      [path.dirname(run.snapshot.socket!), 0o700],
    ] as const) {
      assert.equal(statSync(file).mode & 0o777, mode, file);
    }
  });

  it('puts files into the directories of models', async () => {
    const from = path.join(work.path, 'input.cfg');
    writeFileSync(from, 'viscosity 1');
    const to = path.join(work.path, 'lattice/sim');
    const run = await launch({
      name: 'sim',
      argv: fixtureModel('wait'),
      stage: [
        { action: 'copy', from, to: path.join(to, 'input.cfg'), at: [] },
        { action: 'symlink', from, to: path.join(to, 'link.cfg'), at: [] },
      ],
    });
    assert.equal(run.snapshot.phase, 'ready');
    assert.equal(readFileSync(path.join(to, 'input.cfg'), 'utf8'), 'viscosity 1');
    assert.ok(lstatSync(path.join(to, 'link.cfg')).isSymbolicLink());
  });

  it('shows return codes, with the last words of a model that failed', async () => {
    const run = await launch(
      { name: 'good', argv: fixtureModel('exit', '0') },
      { name: 'bad', argv: fixtureModel('exit', '7') },
      { name: 'sim', argv: fixtureModel('wait') },
    );
    await untilRunIs(
      run,
      'both have ended',
      () => modelOf(run, 'good').status === 'Completed' && modelOf(run, 'bad').status === 'Failed',
    );
    assert.equal(modelOf(run, 'good').returnCode, 0);
    const bad = modelOf(run, 'bad');
    assert.equal(bad.returnCode, 7);
    assert.match(bad.cause!.evidence!, /these are my last words/);
    assert.match(messageOf(bad.cause!), /return code 7/);
    assert.equal(run.snapshot.phase, 'degraded');
    assert.equal(modelOf(run, 'sim').status, 'Running');
  });

  it('shows a model and a server that were killed, with the cause, and stops the rest', async () => {
    const run = await launch(
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
    const run = await launch({ name: 'sim', argv: fixtureModel('wait') });
    asSupervisor(plan.runDirectory, plan.orchestrators[0]!.shards[0]!.port, 'SHUTDOWN', 'NOSAVE');
    await untilRunIs(run, 'the server has failed', () => run.snapshot.orchestrators[0]!.phase === 'failed');
    assert.equal(run.snapshot.orchestrators[0]!.shards[0]!.returnCode, 0);
    assert.equal(run.snapshot.phase, 'degraded');
  });

  it('stops models first, then the server, in order', async () => {
    const run = await launch({ name: 'sim', argv: fixtureModel('wait') });
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
    const run = await launch({ name: 'sim', argv: fixtureModel('stubborn') });
    const { out } = modelOf(run, 'sim');
    await until('both grandchildren run', () => readFileSync(out, 'utf8').split('grandchild').length === 3);
    const began = performance.now();
    const orderly = run.stop();
    await until('the polite request is refused', () => readFileSync(out, 'utf8').includes('no'));
    await run.stop({ force: true });
    await orderly;
    assert.ok(performance.now() - began < 4900, 'the grace time was not waited for');
    await assertNothingLeft(plan);
  });

  it('ends what a model has left in its group when it ended', async () => {
    const run = await launch({ name: 'sim', argv: fixtureModel('orphans') });
    await untilRunIs(run, 'sim is completed', () => modelOf(run, 'sim').status === 'Completed');
    await run.stop();
    await assertNothingLeft(plan);
  });

  it('ends by itself when everything has ended, and tells so from its record', async () => {
    const run = await start({ models: [{ name: 'sim', argv: fixtureModel('exit', '0') }] });
    await untilLaunched(run);
    await untilRunIs(run, 'sim is completed', () => modelOf(run, 'sim').status === 'Completed');
    asSupervisor(plan.runDirectory, plan.orchestrators[0]!.shards[0]!.port, 'SHUTDOWN', 'NOSAVE');
    await untilRunIs(run, 'the run is over', () => run.snapshot.endedAt !== undefined && !run.live);
    const [record] = await recordedRuns(work);
    const again = await openRun(record!);
    assert.equal(again.live, false);
    assert.deepEqual(again.snapshot, run.snapshot);
  });

  it('starts a model again', async () => {
    const run = await launch({ name: 'sim', argv: fixtureModel('wait') });
    const before = modelOf(run, 'sim').identity!;
    const restarted = await run.restart('sim');
    assert.ok(restarted.ok, JSON.stringify(restarted));
    await untilRunIs(run, 'sim runs again', () => modelOf(run, 'sim').identity!.pid !== before.pid);
    assert.equal(modelOf(run, 'sim').status, 'Running');
    assert.equal(run.snapshot.phase, 'ready');
    const unknown = await run.restart('nobody');
    assert.equal(unknown.problems[0]?.code, 'no-such-model');
  });

  it('waits for what a model depends on, and skips it with the cause when that fails', async () => {
    const run = await launch(
      { name: 'sim', argv: fixtureModel('exit', '0') },
      { name: 'bad', argv: fixtureModel('exit', '1') },
      {
        name: 'after',
        argv: fixtureModel('exit', '0'),
        dependsOn: [{ model: 'sim', condition: 'completed' }],
      },
      {
        name: 'never',
        argv: fixtureModel('exit', '0'),
        dependsOn: [{ model: 'bad', condition: 'completed' }],
      },
      {
        name: 'neither',
        argv: fixtureModel('exit', '0'),
        dependsOn: [{ model: 'never', condition: 'started' }],
      },
    );
    await untilRunIs(run, 'all have ended', () =>
      run.snapshot.models.every(({ status }) => status !== 'New' && status !== 'Running'),
    );
    assert.deepEqual(
      run.snapshot.models.map(({ status }) => status),
      ['Completed', 'Failed', 'Completed', 'NeverStarted', 'NeverStarted'],
    );
    assert.ok(modelOf(run, 'after').startedAt! >= modelOf(run, 'sim').endedAt!);
    assert.match(messageOf(modelOf(run, 'never').cause!), /waits for bad, which failed/);
  });

  it('is seen alike by every window, and outlives the one that launched it', async () => {
    const first = await launch({ name: 'sim', argv: fixtureModel('wait') });
    const [record] = await recordedRuns(work);
    const second = await openRun(record!);
    runs.push(second);
    assert.equal(second.live, true);
    assert.deepEqual(second.snapshot, first.snapshot);
    first.dispose();
    process.kill(modelOf(second, 'sim').identity!.pid, 'SIGKILL');
    await untilRunIs(second, 'the death is told', () => modelOf(second, 'sim').status === 'Failed');
  });

  it('makes its socket again when something removes it', async () => {
    const run = await launch({ name: 'sim', argv: fixtureModel('wait') });
    rmSync(run.snapshot.socket!);
    const [record] = await recordedRuns(work);
    await until('it can be spoken to again', async () => {
      const again = await openRun(record!);
      const { live } = again;
      again.dispose();
      return live;
    });
  });

  it('is stopped by signal when its socket cannot be reached', async () => {
    const run = await launch({ name: 'sim', argv: fixtureModel('wait') });
    const [record] = await recordedRuns(work);
    run.dispose();
    // A file in the place of the folder: it cannot be made again.
    const folder = path.dirname(run.snapshot.socket!);
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    const unreachable = await openRun(record!);
    assert.equal(unreachable.live, false);
    assert.equal(unreachable.snapshot.cause?.code, 'supervisor-unreachable');
    const stopped = await unreachable.stop();
    assert.ok(stopped.ok);
    assert.equal(stopped.value.phase, 'stopped');
  });

  it('is stopped by signal when its supervisor was stopped and does not answer', async () => {
    const run = await launch({ name: 'sim', argv: fixtureModel('wait') });
    const [record] = await recordedRuns(work);
    run.dispose();
    process.kill(run.snapshot.supervisor!.pid, 'SIGSTOP');
    const unreachable = await openRun(record!);
    assert.equal(unreachable.snapshot.cause?.code, 'supervisor-unreachable');
    const stopped = await unreachable.stop();
    assert.ok(stopped.ok);
  });

  for (const harm of ['is removed', 'is damaged']) {
    it(`is still found, not launched twice, and stopped when its record ${harm} while it lives`, async () => {
      const run = await launch({ name: 'sim', argv: fixtureModel('wait') });
      if (harm === 'is removed') rmSync(plan.runDirectory, { recursive: true });
      else writeFileSync(path.join(plan.runDirectory, 'journal.jsonl'), 'nonsense\n');
      const second = await startRun(planOf({ directory: work.path }), startOptions(work));
      assert.equal(second.problems[0]?.code, 'run-already-live');
      const [record] = await recordedRuns(work);
      const again = await openRun(record!);
      runs.push(again);
      assert.equal(again.live, true);
      const stopped = await again.stop();
      assert.ok(stopped.ok);
      assert.equal(stopped.value.phase, 'stopped');
      assert.equal(run.snapshot.phase, 'stopped');
    });
  }

  it('is lost, with the cause, when its supervisor is killed', async () => {
    const run = await launch({ name: 'sim', argv: fixtureModel('wait') });
    process.kill(run.snapshot.supervisor!.pid, 'SIGKILL');
    await untilRunIs(run, 'the connection is gone', () => !run.live);
    assert.equal(run.snapshot.phase, 'lost');
    assert.equal(run.snapshot.cause?.code, 'supervisor-lost');
    assert.equal(modelOf(run, 'sim').status, 'Running');
    const { pid } = modelOf(run, 'sim').identity!;
    assert.match(
      messageOf(run.snapshot.cause),
      new RegExp(`still run: orchestrator_0 .*, sim .process ${pid}.`),
    );
    const second = await startRun(planOf({ directory: work.path }), startOptions(work));
    assert.equal(second.problems[0]?.code, 'run-left-over');
    assert.match(messageOf(second.problems[0]), new RegExp(`sim .process ${pid}.`));
    const stopped = await run.stop();
    assert.ok(stopped.ok);
    await assertNothingLeft(plan);
    assert.equal(run.snapshot.phase, 'stopped');
    const again = await openRun((await recordedRuns(work))[0]!);
    assert.deepEqual(again.snapshot, run.snapshot);
  });

  it('kills by force what is left of it when its supervisor was killed', async () => {
    const run = await launch({ name: 'sim', argv: fixtureModel('stubborn') });
    const { out } = modelOf(run, 'sim');
    await until('both grandchildren run', () => readFileSync(out, 'utf8').split('grandchild').length === 3);
    process.kill(run.snapshot.supervisor!.pid, 'SIGKILL');
    run.dispose();
    await processGone(run.snapshot.supervisor!.pid);
    const lost = await openRun((await recordedRuns(work))[0]!);
    assert.equal(lost.snapshot.cause?.code, 'supervisor-lost');
    assert.ok((await lost.stop({ force: true })).ok);
    assert.equal(lost.snapshot.phase, 'stopped');
  });

  it('kills a supervisor that neither listens nor ends', async () => {
    plan = planOf({ directory: work.path });
    const supervisor = path.join(work.path, 'supervisor.js');
    writeFileSync(supervisor, "process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000);");
    const limits = { announce: 500, end: 100 };
    const started = await startRun(plan, startOptions(work, { supervisor, limits }));
    assert.equal(started.problems[0]?.code, 'supervisor-killed');
  });

  it('ends in order when its supervisor is asked to by a signal', async () => {
    const run = await launch({ name: 'sim', argv: fixtureModel('wait') });
    process.kill(run.snapshot.supervisor!.pid, 'SIGHUP');
    process.kill(run.snapshot.supervisor!.pid, 'SIGTERM');
    await untilRunIs(run, 'it has ended', () => run.snapshot.endedAt !== undefined);
    assert.equal(run.snapshot.phase, 'stopped');
  });

  it('outlives a limit on the size of files, and closes its record when that is lifted', async () => {
    const run = await launch({ name: 'sim', argv: fixtureModel('wait') });
    const { size } = statSync(path.join(plan.runDirectory, 'journal.jsonl'));
    const limitFiles = (limit: string): unknown =>
      execFileSync('prlimit', ['--pid', String(run.snapshot.supervisor!.pid), `--fsize=${limit}`]);
    limitFiles(`${size}:unlimited`);
    assert.ok((await run.restart('sim')).ok, 'nothing of this can be recorded');
    await untilRunIs(run, 'sim runs again', () => modelOf(run, 'sim').status === 'Running');
    assert.equal(run.live, true);
    assert.equal(statSync(path.join(plan.runDirectory, 'journal.jsonl')).size, size);
    limitFiles('unlimited');
    assert.ok((await run.stop()).ok);
    const again = await openRun((await recordedRuns(work))[0]!);
    assert.deepEqual(again.snapshot, run.snapshot);
  });

  it('tells those who watch the index when it can be connected to', async () => {
    const index = new RunIndex(work.directories);
    let live = false;
    const watching = index.onDidChange(async () => {
      for (const record of await recordedRuns(work)) {
        const seen = await openRun(record);
        live ||= seen.live;
        seen.dispose();
      }
    });
    try {
      await launch({ name: 'sim', argv: fixtureModel('wait') });
      await until('a live run is seen', () => live);
    } finally {
      watching.dispose();
    }
  });

  it('is refused a second time while it is live, and allowed after', async () => {
    const run = await launch({ name: 'sim', argv: fixtureModel('wait') });
    const secondPlan = planOf({ directory: work.path });
    const second = await startRun(secondPlan, startOptions(work));
    assert.equal(second.problems[0]?.code, 'run-already-live');
    assert.throws(() => statSync(secondPlan.runDirectory), /ENOENT/);
    assert.equal((await recordedRuns(work)).length, 1);
    await run.stop();
    const third = await startedRun(
      planOf({ directory: work.path, models: [{ name: 'sim', argv: fixtureModel('exit', '0') }] }),
      work,
    );
    runs.push(third);
    await untilRunIs(third, 'it is over', () => third.snapshot.endedAt !== undefined);
  });

  it('is launched by exactly one of several that try at the same moment', async () => {
    const plans = Array.from({ length: 4 }, () =>
      planOf({ directory: work.path, models: [{ name: 'sim', argv: fixtureModel('wait') }] }),
    );
    [plan] = plans as [DeploymentPlan];
    const results = await Promise.all(plans.map((each) => startRun(each, startOptions(work))));
    const won = results.filter((result) => result.ok);
    for (const result of won) runs.push(result.value);
    assert.equal(won.length, 1);
    for (const result of results) {
      if (!result.ok) assert.equal(result.problems[0]?.code, 'run-already-live');
    }
  });
});
