import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { ShardSnapshot } from '../../../src/core/deployment/runSnapshot';
import { checkedPlan } from '../../support/checkedPlan';
import { journaled } from '../../support/killedRun';
import { ownedRun } from '../../support/ownedRun';
import { assertNothingLeft, until } from '../../support/startedRun';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

const three = 'version: 1\nexperiment: wave\norchestrator: {db_nodes: 3, port: auto}\n';

describe('the stop of a run', () => {
  let work: WorkDirectory;
  beforeEach(() => {
    work = workDirectory();
  });
  afterEach(() => {
    work.remove();
  });

  it('leaves servers the time for their shutdown although one of them is dead', async () => {
    const plan = await checkedPlan(work, three);
    const { owner, recorder, journal } = await ownedRun(plan, () => undefined);
    await owner.launch();
    const shards = (): readonly ShardSnapshot[] => recorder.snapshot.orchestrators[0]!.shards;
    const [dead, slow] = shards().map(({ identity }) => identity!.pid);
    process.kill(dead!, 'SIGKILL');
    await until('its end', () => shards()[0]!.status === 'Failed');
    process.kill(slow!, 'SIGSTOP');
    const stopped = owner.stop();
    // For a server that saves much data before it ends.
    await delay(200);
    process.kill(slow!, 'SIGCONT');
    await stopped;
    journal.close();
    const events = await journaled(plan.runDirectory);
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'end-attempted' ? [event.by] : [])),
      ['SHUTDOWN'],
    );
    await assertNothingLeft(plan);
  });
});
