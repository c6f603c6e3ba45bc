import assert from 'node:assert/strict';
import { utf8 } from '../../../src/core/base/bytes';
import type { KeyDetails } from '../../../src/core/value/details/keyDetails';
import { renderKeys } from '../../../src/cli/render/keys';

describe('keys on lines', () => {
  function content(details: Omit<KeyDetails, 'key' | 'missing'>): string {
    const key = utf8('k');
    return renderKeys([{ key, details: { ...details, key, missing: [] } }]).slice('k  '.length);
  }

  it('say how much they hold, of one thing and of several', () => {
    const lines = [1, 2].flatMap((length) => [
      content({ kind: 'string', bytes: length }),
      ...(['hash', 'list', 'aggregationList', 'zset', 'stream'] as const).map((kind) =>
        content({ kind, length }),
      ),
    ]);
    assert.deepEqual(lines.join('').trimEnd().split('\n'), [
      ...['string, 1 byte', 'hash, 1 field', 'list, 1 element', 'list of datasets, 1 dataset'],
      ...['sorted set, 1 member', 'stream, 1 entry'],
      ...['string, 2 bytes', 'hash, 2 fields', 'list, 2 elements', 'list of datasets, 2 datasets'],
      ...['sorted set, 2 members', 'stream, 2 entries'],
    ]);
  });
});
