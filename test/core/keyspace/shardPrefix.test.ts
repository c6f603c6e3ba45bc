import assert from 'node:assert/strict';
import { joinBytes, utf8 } from '../../../src/core/base/bytes';
import { slotOfKey } from '../../../src/core/redis/keySlot';
import { shardPrefix } from '../../../src/core/keyspace/tree/shardPrefix';

const slots = Array.from({ length: 16_384 }, (_, slot) => slot);

describe('shardPrefix', () => {
  it('lands in its slot, for every slot, and can stand between braces', () => {
    for (const slot of slots) {
      const prefix = shardPrefix(slot);
      assert.equal(slotOfKey(prefix), slot);
      assert.equal(slotOfKey(joinBytes([utf8('{'), prefix, utf8('}.net')])), slot);
    }
  });

  it('has two bytes, or three for 255 slots', () => {
    const lengths = slots.map((slot) => shardPrefix(slot).length);
    assert.deepEqual(
      [lengths.filter((length) => length === 2).length, lengths.filter((length) => length === 3).length],
      [16_129, 255],
    );
  });

  it('is what SmartRedis has for the shards of common clusters', () => {
    const known = [
      [0, '0000'],
      [2048, '0881'],
      [2341, '6f10'],
      [2731, 'cfef'],
      [3277, 'fe65'],
      [4096, '1102'],
      [4681, '6992'],
      [5461, '384d'],
      [6144, '1983'],
      [6554, 'eceb'],
      [7022, '2c41'],
      [8192, '2204'],
      [9362, 'd324'],
      [9830, '138e'],
      [10_240, '2a85'],
      [10_923, 'edeb'],
      [11_703, 'bc34'],
      [12_288, '3306'],
      [13_107, '2bc3'],
      [13_653, '1a49'],
      [14_043, 'bab6'],
      [14_336, '3b87'],
    ] as const;
    for (const [slot, hex] of known) assert.equal(Buffer.from(shardPrefix(slot)).toString('hex'), hex);
  });
});
