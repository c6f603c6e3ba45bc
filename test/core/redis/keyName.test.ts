import assert from 'node:assert/strict';
import { keyName } from '../../../src/core/redis/keyName';

describe('the name of a key', () => {
  it('is its text, and shows bytes that are none', () => {
    const nameOf = (...bytes: readonly number[]): string => keyName(Uint8Array.from(bytes));
    assert.equal(keyName(new TextEncoder().encode('sim.grüße €\u{1f600}')), 'sim.grüße €\u{1f600}');
    assert.equal(nameOf(0x61, 0xff, 0x62), 'a\\xffb');
    // Cut off, of a kind that must not be, and one that begins in the middle.
    assert.equal(nameOf(0x61, 0xe2, 0x82), 'a\\xe2\\x82');
    assert.equal(nameOf(0xed, 0xa0, 0x80), '\\xed\\xa0\\x80');
    assert.equal(nameOf(0x80, 0x0a), '\\x80\n');
    assert.equal(nameOf(0xef, 0xbb, 0xbf, 0x61), '\ufeffa');
    assert.equal(nameOf(), '""');
  });
});
