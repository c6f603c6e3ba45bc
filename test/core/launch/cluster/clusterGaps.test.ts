import assert from 'node:assert/strict';
import { clusterGaps, isWhole } from '../../../../src/core/launch/cluster/clusterGaps';
import { gapsInWords } from '../../../../src/core/launch/cluster/gapsInWords';
import type { SlotRange } from '../../../../src/core/plan/deploymentPlan';
import { clusterShards, newView, nodeOf, wholeView } from '../../../support/clusterViews';

const shards = clusterShards(3);
const [first, second, third] = shards;

describe('clusterGaps', () => {
  it('finds nothing in the cluster of the plan', () => {
    const gaps = clusterGaps(shards, wholeView(shards));
    assert.deepEqual(gaps, { silent: [], unassigned: [], unmet: [], disagreeing: [] });
    assert.ok(isWhole(gaps));
  });

  it('lacks everything while the servers are new', () => {
    const gaps = clusterGaps(shards, newView(shards));
    assert.deepEqual(gaps.unassigned, [[0, 16_383]]);
    assert.equal(gaps.unmet.length, 6);
    assert.deepEqual(gaps.disagreeing, ['db_0', 'db_1', 'db_2']);
    assert.ok(!isWhole(gaps));
  });

  it('names exactly the slots that nobody claims, whatever others say of them', () => {
    const view = wholeView(shards, (knower, known) =>
      knower === second && known.myself
        ? {
            ...known,
            slots: [
              [5461, 5999],
              [6001, 10_922],
            ],
          }
        : known,
    );
    const gaps = clusterGaps(shards, view);
    assert.deepEqual(gaps.unassigned, [[6000, 6000]]);
    assert.deepEqual(gaps.disagreeing, ['db_1']);
    assert.match(gapsInWords(gaps), /^slots 6000 belong to no shard; another table of slots at db_1$/);
  });

  it('tells who does not know whom; a handshake is no acquaintance', () => {
    const view = wholeView(shards, (knower, known) => {
      if (knower === first && known.port === third!.port) return { ...known, state: 'handshake', slots: [] };
      return known;
    });
    const gaps = clusterGaps(shards, view);
    assert.deepEqual(gaps.unmet, [['db_0', 'db_2']]);
    assert.match(gapsInWords(gaps), /db_0 does not know db_2/);
  });

  it('tells a shard that gives slots to another than the plan does', () => {
    const view = wholeView(shards, (knower, known) => {
      if (knower !== third || known.myself) return known;
      return { ...known, slots: known.port === first!.port ? [[0, 5461]] : [[5462, 10_922]] };
    });
    assert.deepEqual(clusterGaps(shards, view).disagreeing, ['db_2']);
  });

  it('tells a stranger that has slots, and takes one without for nothing', () => {
    const stranger = nodeOf(clusterShards(4)[3]!, { slots: [[0, 9]] });
    const visited = (slots: typeof stranger.slots): ReturnType<typeof wholeView> =>
      new Map([...wholeView(shards)].map(([name, known]) => [name, [...known, { ...stranger, slots }]]));
    assert.equal(clusterGaps(shards, visited(stranger.slots)).disagreeing.length, 3);
    assert.ok(isWhole(clusterGaps(shards, visited([]))));
  });

  it('tells who did not answer, and that its slots are without an owner', () => {
    const view = new Map([...wholeView(shards)].filter(([name]) => name !== 'db_1'));
    const gaps = clusterGaps(shards, view);
    assert.deepEqual(gaps.silent, ['db_1']);
    assert.deepEqual(gaps.unassigned, [[5461, 10_922]]);
    assert.match(gapsInWords(gaps), /no answer from db_1/);
  });

  it('names a few where many are missing', () => {
    const many = clusterShards(64);
    assert.match(gapsInWords(clusterGaps(many, newView(many))), /db_0 does not know db_5, 4027 more/);
    // Every second slot of each shard is lost, and nobody knows anybody: as much as there can be to tell.
    const view = wholeView(many, (knower, known) => {
      if (!known.myself) return undefined;
      const [[from, to]] = knower.slots as [SlotRange];
      const kept = Array.from({ length: Math.ceil((to - from) / 2) }, (_, index) => from + 2 * index);
      return { ...known, slots: kept.map((slot) => [slot, slot] as const) };
    });
    const words = gapsInWords(clusterGaps(many, view));
    assert.match(words, /^slots 1, 3, 5, 7, 9 and in \d{4} more ranges belong to no shard; /);
    assert.ok(words.length < 350, `${words.length} characters`);
    assert.equal(gapsInWords(clusterGaps(shards, wholeView(shards))), 'not every shard serves its slots yet');
  });
});
