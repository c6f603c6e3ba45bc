import assert from 'node:assert/strict';
import { messageOf } from '../../../src/core/base/problem';
import type { RunSnapshot } from '../../../src/core/deployment/runSnapshot';
import type { LaunchStep } from '../../../src/core/launch/launchContext';
import type { DeploymentPlan } from '../../../src/core/plan/deploymentPlan';
import { readJournal } from '../../../src/core/run/journal';
import { replay } from '../../../src/core/run/runFromJournal';
import type { RunOwner } from '../../../src/supervisor/runOwner';
import { checkedPlan } from '../../support/checkedPlan';
import { ownedRun } from '../../support/ownedRun';
import { assertNothingLeft } from '../../support/startedRun';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

/** A cluster on free ports, and nothing else. */
const experiment = 'version: 1\nexperiment: wave\norchestrator: {port: auto, db_nodes: 3}\n';

/** Every step of making one cluster of three shards, in words; the shards take theirs at the same time. */
const steps = [
  'forming orchestrator',
  'add-slots orchestrator_0',
  'add-slots orchestrator_1',
  'add-slots orchestrator_2',
  'set-epoch orchestrator_0',
  'set-epoch orchestrator_1',
  'set-epoch orchestrator_2',
  'meet orchestrator_0',
  'meet orchestrator_0',
];

describe('the formation of a cluster', () => {
  let work: WorkDirectory;
  let plan: DeploymentPlan;
  beforeEach(async () => {
    work = workDirectory();
    plan = await checkedPlan(work, experiment);
  });
  afterEach(async () => {
    await assertNothingLeft(plan);
    work.remove();
  });

  /** Launches; `onStep` is told each step of the formation, counted from 0. The state when all is over. */
  async function launch(
    onStep: (step: LaunchStep, count: number, owner: () => RunOwner) => void,
  ): Promise<RunSnapshot> {
    let count = 0;
    const { owner, recorder, journal } = await ownedRun(plan, (step, ownerOf) => {
      if (steps.includes(`${step.name} ${step.of}`)) onStep(step, count++, ownerOf);
    });
    await owner.launch();
    if (recorder.snapshot.phase === 'ready') await owner.stop();
    await owner.ended;
    journal.close();
    const recorded = await readJournal(plan.runDirectory);
    assert.ok(recorded.ok);
    assert.deepEqual(replay(recorded.value.events), recorder.snapshot);
    return recorder.snapshot;
  }

  it('has exactly these steps', async () => {
    const seen: string[] = [];
    await launch(({ name, of }) => seen.push(`${name} ${of}`));
    assert.deepEqual(seen.sort(), [...steps].sort());
  });

  for (const at of steps.keys()) {
    it(`is torn down whole when it is cancelled after step ${at + 1}, however often that is asked for`, async () => {
      const stops: Promise<void>[] = [];
      const { phase, orchestrators } = await launch((_, count, owner) => {
        if (count === at) stops.push(owner().stop(), owner().stop());
      });
      assert.equal(stops.length, 2);
      await Promise.all(stops);
      assert.equal(phase, 'stopped');
      assert.equal(orchestrators[0]!.formationMs, undefined, 'nobody waited for the cluster');
      assert.deepEqual(
        orchestrators[0]!.shards.map(({ status, returnCode }) => [status, returnCode]),
        Array.from({ length: 3 }, () => ['Cancelled', 0]),
      );
    });
  }

  it('goes on with the others while a shard is stopped, and with that one when it is continued', async () => {
    const { orchestrators } = await launch(({ name, of }, _, owner) => {
      if (name === 'forming') process.kill(pidOf(owner(), 'orchestrator_0'), 'SIGSTOP');
      if (name === 'add-slots' && of === 'orchestrator_1')
        process.kill(pidOf(owner(), 'orchestrator_0'), 'SIGCONT');
    });
    assert.notEqual(orchestrators[0]!.formationMs, undefined, 'it has been ready');
  });

  for (const step of ['forming', 'set-epoch', 'meet']) {
    it(`fails at once, with the cause, when a shard is killed at ${step}`, async () => {
      let killed = false;
      // It would be given up after the minute that a formation may take.
      const { phase, cause, orchestrators } = await launch(({ name }, _, owner) => {
        if (name !== step || killed) return;
        killed = true;
        process.kill(pidOf(owner(), 'orchestrator_1'), 'SIGKILL');
      });
      assert.equal(phase, 'failed');
      assert.match(messageOf(cause!), /^Shard orchestrator_1 ended by itself: killed by SIGKILL/);
      assert.deepEqual(
        orchestrators[0]!.shards.map(({ status }) => status),
        ['Cancelled', 'Failed', 'Cancelled'],
      );
    });
  }
});

function pidOf(owner: RunOwner, shard: string): number {
  const { processes } = Reflect.get(owner, 'context') as {
    processes: ReadonlyMap<string, { identity: { pid: number } }>;
  };
  return processes.get(shard)!.identity.pid;
}
