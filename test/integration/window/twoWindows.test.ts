import assert from 'node:assert/strict';
import { silentLog } from '../../../src/core/base/log';
import { toRunStatus, type RunStatus } from '../../../src/core/deployment/toRunStatus';
import type { DeploymentPlan } from '../../../src/core/plan/deploymentPlan';
import { openRun } from '../../../src/core/run/openRun';
import { RunIndex } from '../../../src/core/run/runIndex';
import type { Run } from '../../../src/core/run/run';
import { startRun } from '../../../src/core/run/startRun';
import { RunStore } from '../../../src/extension/state/runStore';
import { freePort } from '../../support/freePort';
import { planOf } from '../../support/planOf';
import { assertNothingLeft, fixtureModel, recordedRuns, startOptions, until } from '../../support/startedRun';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

/** What a window knows, without its views: the runs as its store follows them. */
function windowOn(work: WorkDirectory): RunStore {
  const index = new RunIndex(work.directories);
  return new RunStore(
    () =>
      Promise.resolve({
        list: () => recordedRuns(work),
        open: openRun,
        onDidChange: index.onDidChange,
      }),
    silentLog,
  );
}

describe('two windows and a command line', () => {
  let work: WorkDirectory;
  let plan: DeploymentPlan;
  let windows: readonly RunStore[];

  const models = ['first', 'second'].map((name) => ({ name, argv: fixtureModel('wait') }));

  beforeEach(async () => {
    work = workDirectory();
    plan = planOf({ directory: work.path, port: await freePort(), models });
    windows = [windowOn(work), windowOn(work)];
    await Promise.all(windows.map((window) => window.follow()));
  });
  afterEach(async () => {
    for (const run of windows.flatMap(({ runs }) => runs)) if (run.live) await run.stop({ force: true });
    for (const window of windows) window.dispose();
    await assertNothingLeft(plan);
    work.remove();
  });

  function runOf(window: RunStore): Run | undefined {
    return window.forFile(plan.file);
  }

  /** As `ssw status` would print it: opened anew, measured, let go. */
  async function ofCommandLine(): Promise<RunStatus> {
    const [record] = await recordedRuns(work);
    assert.ok(record);
    const run = await openRun(record);
    await run.measure();
    const status = toRunStatus(run.snapshot);
    run.dispose();
    return status;
  }

  async function allAgreeOn(what: string, holds: (run: RunStatus) => boolean): Promise<void> {
    let texts = new Set<string>();
    const agree = until(what, async () => {
      const states = [await ofCommandLine(), ...windows.map((window) => statusOf(window))];
      texts = new Set(states.map((state) => JSON.stringify(state && withoutFigures(state))));
      return texts.size === 1 && states[0] !== undefined && holds(states[0]);
    });
    await agree.catch((error: unknown) => assert.fail(`${String(error)}; they say ${[...texts].join('\n')}`));
  }

  function statusOf(window: RunStore): RunStatus | undefined {
    const run = runOf(window);
    return run && toRunStatus(run.snapshot);
  }

  it('launch a file once, attach where it was launched elsewhere, and agree on all that happens', async () => {
    const other = planOf({ directory: work.path, port: await freePort(), models });
    const launches = await Promise.all([
      startRun(plan, startOptions(work)),
      startRun(other, startOptions(work)),
    ]);
    const [won, ...more] = launches.flatMap((launch) => (launch.ok ? [launch.value] : []));
    assert.ok(won);
    assert.deepEqual(more, []);
    const lost = launches.find((launch) => !launch.ok);
    assert.equal(lost?.problems[0]?.code, 'run-already-live');
    if (won.record.id === other.runId) plan = other;
    windows[0]!.add(won);

    await allAgreeOn('it is ready', ({ phase }) => phase === 'ready');
    assert.ok(windows.every((window) => runOf(window)?.live));

    const shard = won.snapshot.orchestrators[0]!.shards[0]!;
    process.kill(shard.identity!.pid, 'SIGSTOP');
    try {
      await allAgreeOn('the shard does not answer', ({ orchestrators }) => {
        return orchestrators[0]!.shards[0]!.notAnsweringSince !== undefined;
      });
    } finally {
      process.kill(shard.identity!.pid, 'SIGCONT');
    }
    await allAgreeOn('the shard answers again', ({ phase }) => phase === 'ready');

    process.kill(shard.identity!.pid, 'SIGKILL');
    await allAgreeOn('the shard has failed', ({ orchestrators }) => orchestrators[0]!.phase === 'failed');
    const restarted = await runOf(windows[1]!)!.restart('orchestrator_0');
    assert.ok(restarted.ok, JSON.stringify(restarted.problems));
    await allAgreeOn('the shard runs again', ({ phase }) => phase === 'ready');
    assert.ok((await runOf(windows[1]!)!.stop()).ok);
    await allAgreeOn('it is stopped', ({ phase }) => phase === 'stopped');
    assert.ok(windows.every((window) => runOf(window)?.live === false));
  });
});

/** Two looks a moment apart may count differently. */
function withoutFigures(status: RunStatus): unknown {
  return {
    ...status,
    orchestrators: status.orchestrators.map((orchestrator) => ({
      ...orchestrator,
      shards: orchestrator.shards.map((shard) => ({ ...shard, usedMemory: 0, clients: 0, keys: 0 })),
    })),
  };
}
