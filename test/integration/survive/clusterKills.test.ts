import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import type { DeploymentPlan } from '../../../src/core/plan/deploymentPlan';
import { checkedPlan } from '../../support/checkedPlan';
import { Decoy } from '../../support/decoy';
import { freeClusterPort } from '../../support/freeClusterPort';
import { killedAtEach, pointsOfJournal, type KilledExperiment } from '../../support/killPoints';

/** `npm run test:kills` asks for all points, with many seeds; otherwise a sample is killed once. */
const seeds = Number(process.env['KILL_SEEDS'] ?? 1);
const all = process.env['KILL_SEEDS'] !== undefined;
/** Runs that are killed at the same time; most of their time they wait for Redis' own two seconds. */
const width = 6;
/** Milliseconds for one seed: each of some forty points takes three to five seconds, several at a time. */
const seedLimit = 180_000;

describe('kill -9 of the supervisor of a cluster', () => {
  /** A stranger beside each run, younger than most of it, with a shard's command line and name and in the run's directory. */
  const decoys: Decoy[] = [];
  const experiment: KilledExperiment = {
    plan: async (work) => {
      const text = `version: 1\nexperiment: wave\norchestrator: {port: ${await freeClusterPort()}, db_nodes: 3}\n`;
      return checkedPlan(work, text);
    },
    beside: async ({ runId, orchestrators }, { path }) => {
      const { name, argv } = orchestrators[0]!.shards[0]!;
      decoys.push(await Decoy.start({ SSW_RUN_ID: `${runId}-2`, SSW_ENTITY: name }, argv, path));
    },
    isSettled: ({ phase }) => phase === 'ready',
    assertGoesOn: assertServes,
  };
  afterEach(async () => {
    const strangers = decoys.splice(0);
    try {
      for (const stranger of strangers) stranger.assertUntouched();
    } finally {
      await Promise.all(strangers.map((stranger) => stranger.end()));
    }
  });

  for (let seed = 1; seed <= seeds; seed += 1) {
    it(`at ${all ? 'every point' : 'some points'} of the journal, before and after (seed ${seed})`, async () => {
      const points = await pointsOfJournal(experiment);
      assert.ok(points.length >= 40, `${points.length} points`);
      const chosen = points.filter((_, index) => all || index % 3 === seed % 3);
      assert.deepEqual(await killedAtEach(experiment, chosen, { seed, width }), []);
    }).timeout(seedLimit);
  }
});

/** By redis-cli: every shard serves, and gives all slots to the shards of the plan. */
function assertServes(plan: DeploymentPlan): void {
  const { shards } = plan.orchestrators[0]!;
  for (const { port } of shards) {
    const ask = (...words: readonly string[]): string =>
      execFileSync('redis-cli', ['-p', String(port), 'CLUSTER', ...words], { encoding: 'utf8' });
    assert.match(ask('INFO'), /cluster_state:ok/);
    const table = ask('NODES')
      .trim()
      .split('\n')
      .map((row) => row.split(' '))
      .map(([, address = '', , , , , , , ...slots]) => `${address.split('@')[0]} ${slots.join()}`);
    assert.deepEqual(
      table.sort(),
      shards.map((shard) => `127.0.0.1:${shard.port} ${shard.slots.map((range) => range.join('-')).join()}`),
    );
  }
}
