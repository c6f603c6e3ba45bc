import assert from 'node:assert/strict';
import { ShardPace } from '../../../../src/core/keyspace/scan/shardPace';
import type { ScanPace } from '../../../../src/core/keyspace/scan/scanTempo';

/** COUNT of the pages that follow pages of such times and bytes a name. */
function countsAfter(
  pace: ScanPace,
  waits: readonly number[],
  bytesOf: (count: number) => number = (count) => 36 * count,
): readonly number[] {
  const shard = new ShardPace();
  return waits.map((waitedMs) => {
    shard.took({ waitedMs, nameBytes: bytesOf(shard.count) }, pace);
    return shard.count;
  });
}

describe('the size of pages', () => {
  it('begins small, and is soon a thousand names', () => {
    assert.equal(new ShardPace().count, 10);
    assert.deepEqual(countsAfter('kind', [0.1, 0.1, 0.1, 0.1]), [100, 1000, 1000, 1000]);
    assert.deepEqual(countsAfter('full', [5, 50, 500]), [100, 1000, 1000]);
  });

  it('is such that a page holds the server for a millisecond', () => {
    // A microsecond for each name and two for the way.
    const shard = new ShardPace();
    for (let page = 0; page < 20; page += 1)
      shard.took({ waitedMs: 2 + shard.count / 200, nameBytes: 0 }, 'kind');
    assert.ok(shard.count > 100 && shard.count < 300, String(shard.count));
  });

  it('does not take the way to a server that is far away for work of the server', () => {
    assert.equal(countsAfter('kind', [40, 40, 40]).at(-1), 1000);
  });

  it('falls when the server is held up, and rises again', () => {
    const counts = countsAfter('kind', [0.2, 0.2, 0.2, 300, 0.2, 0.2, 0.2]);
    assert.deepEqual(counts.slice(2), [1000, 3, 30, 300, 1000]);
  });

  it('is bounded by the bytes of names', () => {
    const mebibyte = 1024 * 1024;
    assert.deepEqual(
      countsAfter('full', [1, 1, 1], (count) => count * mebibyte),
      [1, 1, 1],
    );
    assert.deepEqual(
      countsAfter('kind', [1, 1, 1], (count) => count * 1024),
      [100, 256, 256],
    );
    const shard = new ShardPace();
    shard.wasTooLarge();
    assert.equal(shard.count, 1);
  });
});

describe('the kind pace', () => {
  it('leaves nine parts of ten of the time to others', () => {
    const shard = new ShardPace();
    shard.took({ waitedMs: 1.5, nameBytes: 0 }, 'kind');
    assert.equal(shard.restMs, 13.5);
  });

  it('waits for two seconds at most', () => {
    const shard = new ShardPace();
    shard.took({ waitedMs: 30_000, nameBytes: 0 }, 'kind');
    assert.equal(shard.restMs, 2000);
  });
});
