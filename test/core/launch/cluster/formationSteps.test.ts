import assert from 'node:assert/strict';
import { formationSteps, type FormationStep } from '../../../../src/core/launch/cluster/formationSteps';
import type { ClusterView } from '../../../../src/core/launch/cluster/clusterGaps';
import { clusterShards, newView, nodeOf, wholeView } from '../../../support/clusterViews';

const shards = clusterShards(3);

function told(view: ClusterView, everyPair = false, of = shards): readonly string[] {
  return formationSteps(of, view, { everyPair }).map(inWords);
}

function inWords(step: FormationStep): string {
  switch (step.kind) {
    case 'add-slots':
      return `${step.shard} takes ${step.slots.map((range) => range.join('-')).join(' ')}`;
    case 'set-epoch':
      return `${step.shard} is at epoch ${step.epoch}`;
    case 'meet':
      return `${step.shard} meets ${step.other.name}`;
  }
}

describe('formationSteps', () => {
  it('is all of a formation for new servers: slots, epochs, then a star of meetings', () => {
    assert.deepEqual(told(newView(shards)), [
      'db_0 takes 0-5460',
      'db_1 takes 5461-10922',
      'db_2 takes 10923-16383',
      'db_0 is at epoch 1',
      'db_1 is at epoch 2',
      'db_2 is at epoch 3',
      'db_0 meets db_1',
      'db_0 meets db_2',
    ]);
  });

  it('is nothing for a whole cluster', () => {
    assert.deepEqual(told(wholeView(shards), true), []);
  });

  it('grows with the shards, not with their pairs', () => {
    const many = clusterShards(64);
    assert.equal(told(newView(many), false, many).length, 64 + 64 + 63);
  });

  it('is only what is missing: some slots of one shard', () => {
    const view = wholeView(shards, (knower, known) =>
      knower.name === 'db_1' && known.myself
        ? {
            ...known,
            slots: [
              [5461, 5999],
              [6002, 10_922],
            ],
          }
        : known,
    );
    assert.deepEqual(told(view), ['db_1 takes 6000-6001']);
  });

  it('leaves slots alone that another shard claims', () => {
    const view = wholeView(shards, (knower, known) => {
      if (!known.myself) return known;
      if (knower.name === 'db_0') return { ...known, slots: [[0, 5461]] };
      return knower.name === 'db_1' ? { ...known, slots: [[5462, 10_922]] } : known;
    });
    assert.deepEqual(told(view), []);
  });

  it('sets no epoch where a node knows another or has one', () => {
    const met = new Map(newView(shards)).set('db_1', [
      nodeOf(shards[1]!, { myself: true, epoch: 0 }),
      nodeOf(shards[0]!, { state: 'handshake' }),
    ]);
    assert.deepEqual(
      told(met).filter((step) => step.includes('epoch')),
      ['db_0 is at epoch 1', 'db_2 is at epoch 3'],
    );
  });

  it('leaves shards that do not know each other to the news, and introduces them when these do not come', () => {
    const view = wholeView(shards, (knower, known) =>
      knower.name !== 'db_0' && !known.myself && known.port !== 7000 ? undefined : known,
    );
    assert.deepEqual(told(view), []);
    assert.deepEqual(told(view, true), ['db_1 meets db_2']);
  });

  it('asks nothing of a shard that does not answer', () => {
    const view = new Map(newView(shards));
    view.delete('db_2');
    const steps = told(view);
    assert.ok(
      steps.every((step) => !step.startsWith('db_2')),
      steps.join(),
    );
    assert.ok(steps.includes('db_0 meets db_2'));
  });

  for (const greeting of ['db_0', 'db_1'])
    it(`waits for a meeting under way, which ${greeting} tells`, () => {
      const view = wholeView(shards, (knower, known) => {
        const pair = [knower.port, known.port].sort().join();
        if (pair !== '7000,7001' || known.myself) return known;
        return knower.name === greeting ? { ...known, state: 'handshake', slots: [] } : undefined;
      });
      assert.deepEqual(told(view, true), []);
    });

  it('lets another begin where the first does not answer', () => {
    const view = new Map(newView(shards));
    view.delete('db_0');
    assert.deepEqual(
      told(view).filter((step) => step.includes('meets')),
      ['db_1 meets db_0', 'db_2 meets db_0'],
    );
  });
});
