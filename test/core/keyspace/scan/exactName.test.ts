import assert from 'node:assert/strict';
import { exactName } from '../../../../src/core/keyspace/scan/exactName';
import { utf8 } from '../../../../src/core/base/bytes';

describe('a pattern without special characters', () => {
  const text = (pattern: string): string | undefined => {
    const name = exactName(utf8(pattern));
    return name === undefined ? undefined : Buffer.from(name).toString();
  };

  it('is the name of one key', () => {
    for (const name of ['', 'key', 'a]b', 'a^b-c', 'ключ']) assert.equal(text(name), name);
  });

  it('is none with a special character', () => {
    for (const pattern of ['*', 'a*', '?b', 'a[bc]', '\\\\*']) assert.equal(text(pattern), undefined);
  });

  it('says by backslashes that a character is not special', () => {
    assert.equal(text('a\\*b\\?\\[c\\\\'), 'a*b?[c\\');
    assert.equal(text('a\\bc'), 'abc');
    // Nothing follows it: the server takes it for itself.
    assert.equal(text('a\\'), 'a\\');
  });
});
