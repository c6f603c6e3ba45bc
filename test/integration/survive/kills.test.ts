import assert from 'node:assert/strict';
import { Decoy } from '../../support/decoy';
import { freePort } from '../../support/freePort';
import { killedAtEach, pointsOfJournal, type KilledExperiment } from '../../support/killPoints';
import { planOf } from '../../support/planOf';
import { fixtureModel } from '../../support/startedRun';

/** `npm run test:kills` asks for more. */
const seeds = Number(process.env['KILL_SEEDS'] ?? 1);
/** Runs that are killed at the same time. */
const width = 4;
/** Milliseconds for one seed: each of some fifty points takes about a second, several at a time. */
const seedLimit = 180_000;

/** A server, a model that stays, one that leaves a process behind, and one that waits for it. */
const experiment: KilledExperiment = {
  plan: async (work) =>
    planOf({
      directory: work.path,
      port: await freePort(),
      models: [
        { name: 'sim', argv: fixtureModel('wait') },
        { name: 'quick', argv: fixtureModel('orphans') },
        { name: 'late', argv: fixtureModel('wait'), dependsOn: [{ model: 'quick', condition: 'completed' }] },
      ],
    }),
  isSettled: ({ models }) => {
    const late = models.find(({ name }) => name === 'late')?.status;
    return late === 'Running' || late === 'Failed';
  },
};

describe('kill -9 of the supervisor', () => {
  let decoy: Decoy;
  before(async () => {
    // The name of an entity, of another run.
    decoy = await Decoy.start({ SSW_RUN_ID: 'another-run', SSW_ENTITY: 'sim' });
  });
  after(() => decoy.end());

  for (let seed = 1; seed <= seeds; seed += 1) {
    it(`at every point of the journal, before and after (seed ${seed})`, async () => {
      const points = await pointsOfJournal(experiment);
      assert.ok(points.length >= 40, `${points.length} points`);
      assert.deepEqual(await killedAtEach(experiment, points, { seed, width }), []);
      decoy.assertUntouched();
    }).timeout(seedLimit);
  }
});
