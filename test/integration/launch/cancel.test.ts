import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { LaunchStep } from '../../../src/core/launch/launchContext';
import type { DeploymentPlan } from '../../../src/core/plan/deploymentPlan';
import { readJournal } from '../../../src/core/run/journal';
import { replay } from '../../../src/core/run/runFromJournal';
import { freePort } from '../../support/freePort';
import { ownedRun } from '../../support/ownedRun';
import { planOf } from '../../support/planOf';
import { assertNothingLeft, fixtureModel } from '../../support/startedRun';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

/** Every step of the launch below, in words. */
const steps = [
  'intended orchestrator_0',
  'started orchestrator_0',
  'accepted orchestrator_0',
  'answered orchestrator_0',
  'ready orchestrator',
  'staged sim',
  'staged follow',
  'intended sim',
  'started sim',
  'intended follow',
  'started follow',
  'launched lattice',
];

describe('a launch that is cancelled', () => {
  let work: WorkDirectory;
  beforeEach(() => {
    work = workDirectory();
  });
  afterEach(() => {
    work.remove();
  });

  async function plan(): Promise<DeploymentPlan> {
    return planOf({
      directory: work.path,
      port: await freePort(),
      models: [
        { name: 'sim', argv: fixtureModel('wait') },
        { name: 'follow', argv: fixtureModel('wait'), dependsOn: [{ model: 'sim', condition: 'started' }] },
      ],
    });
  }

  it('has exactly these steps', async () => {
    const planned = await plan();
    const seen: string[] = [];
    const { owner, recorder, journal } = await ownedRun(planned, ({ name, of }) =>
      seen.push(`${name} ${of}`),
    );
    await owner.launch();
    assert.equal(recorder.snapshot.phase, 'ready');
    await owner.stop();
    journal.close();
    const ofLaunch = seen.filter((step) => !step.startsWith('stopping'));
    assert.deepEqual([...ofLaunch].sort(), [...steps].sort());
    await assertNothingLeft(planned);
  });

  for (const step of steps) {
    for (const force of [false, true]) {
      it(`at "${step}"${force ? ' by force' : ''} leaves nothing`, async () => {
        const planned = await plan();
        let stopped: Promise<void> | undefined;
        const cancel = ({ name, of }: LaunchStep, owner: () => { stop(o: object): Promise<void> }): void => {
          if (`${name} ${of}` === step) stopped = owner().stop({ force });
        };
        const { owner, recorder, journal } = await ownedRun(planned, cancel);
        await owner.launch();
        assert.ok(stopped, 'the step was passed');
        await stopped;
        await owner.ended;
        journal.close();
        assert.equal(recorder.snapshot.phase, 'stopped');
        assert.ok(
          recorder.snapshot.models.every(({ status }) => status === 'Cancelled' || status === 'NeverStarted'),
        );
        await assertNothingLeft(planned);
        // What the record says is what happened: every process that was started has its end in it.
        const recorded = await readJournal(planned.runDirectory);
        assert.ok(recorded.ok);
        assert.deepEqual(replay(recorded.value.events), recorder.snapshot);
      });
    }
  }

  it('is stopped although one of its steps never returns', async () => {
    const planned = await plan();
    const { owner, recorder, journal } = await ownedRun(planned, () => undefined, { settle: 20 });
    await owner.launch();
    Reflect.set(owner, 'launching', new Promise(() => undefined));
    await owner.stop();
    journal.close();
    assert.equal(recorder.snapshot.phase, 'stopped');
    await assertNothingLeft(planned);
  });

  it('is stopped in order even while its stop is asked for many times', async () => {
    const planned = await plan();
    const { owner, recorder, journal } = await ownedRun(planned, () => undefined);
    await owner.launch();
    await Promise.all([owner.stop(), owner.stop(), owner.stop({ force: true }), owner.stop()]);
    journal.close();
    assert.equal(recorder.snapshot.phase, 'stopped');
    const text = readFileSync(path.join(planned.runDirectory, 'journal.jsonl'), 'utf8');
    assert.equal(text.split('"run-ended"').length, 2);
    await assertNothingLeft(planned);
  });
});
