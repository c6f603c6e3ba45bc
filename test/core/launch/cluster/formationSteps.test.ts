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
    case 'assign-slots':
      return `${step.shard} hears that ${step.slots.map((range) => range.join('-')).join(' ')} are of ${step.id}`;
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

  describe('of which a shard names another owner of slots than the plan', () => {
    /** What `teller` says: the last slot of db_0 is of db_1. */
    const toldBy = (...tellers: readonly string[]): ClusterView =>
      wholeView(shards, (knower, known) => {
        if (!tellers.includes(knower.name)) return known;
        if (known.port === 7000) return { ...known, slots: [[0, 5459]] };
        return known.port === 7001 ? { ...known, slots: [[5460, 10_922]] } : known;
      });

    it('tells it the right one', () => {
      assert.deepEqual(told(toldBy('db_2')), ['db_2 hears that 5460-5460 are of id-7000']);
    });

    it('tells the one that has them alone, who may refuse; the others when it has let go', () => {
      assert.deepEqual(told(toldBy('db_0', 'db_1', 'db_2')), ['db_1 hears that 5460-5460 are of id-7000']);
      assert.deepEqual(told(toldBy('db_0', 'db_2')), [
        'db_0 takes 5460-5460',
        'db_0 hears that 5460-5460 are of id-7000',
        'db_2 hears that 5460-5460 are of id-7000',
      ]);
    });

    it('does nothing while another does not answer, who may have them', () => {
      const view = new Map(toldBy('db_2'));
      view.delete('db_1');
      assert.deepEqual(told(view), []);
    });

    it('does nothing about a node that is not in the plan', () => {
      const stranger = nodeOf(clusterShards(4)[3]!, { slots: [[5460, 5460]] });
      const view = new Map([...wholeView(shards)].map(([name, known]) => [name, [...known, stranger]]));
      assert.deepEqual(told(view), []);
    });
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
