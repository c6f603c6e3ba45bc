import assert from 'node:assert/strict';
import { RedisRefusal } from '../../../src/core/redis/redisFailure';
import { keyAccess, missingRight } from '../../../src/core/value/refusal';

describe('a right that is missing', () => {
  const named = (message: string): string => missingRight(new RedisRefusal(message), 'TYPE');

  it('is the command that the server names, or the key', () => {
    assert.equal(named("NOPERM User a has no permissions to run the 'memory|usage' command"), 'MEMORY USAGE');
    assert.equal(named('NOPERM No permissions to access a key'), keyAccess);
  });

  it('is the command that was asked where the server names none', () => {
    for (const name of ['a\nb', '\u202e', 'x'.repeat(65), ''])
      assert.equal(named(`NOPERM User a has no permissions to run the '${name}' command`), 'TYPE');
  });
});
