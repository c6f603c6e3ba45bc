import assert from 'node:assert/strict';
import { isAtLeast, parseServerVersion, withLibraries } from '../../../src/core/site/serverVersion';

describe('parseServerVersion', () => {
  const lines: readonly (readonly [string, string, string])[] = [
    ['Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=ae4d', 'redis', '7.0.15'],
    ['Redis server v=5.0.7 sha=00000000:0 malloc=jemalloc-5.1.0 bits=64 build=66bd', 'redis', '5.0.7'],
    ['Valkey server v=8.0.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=d9ea', 'valkey', '8.0.1'],
    ['Server v=7.2.5 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1b0d', 'valkey', '7.2.5'],
    ['KeyDB server v=6.3.4 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64 build=97d4', 'keydb', '6.3.4'],
  ];
  for (const [line, engine, version] of lines)
    it(`reads ${engine} ${version}`, () => {
      const warning = '# WARNING: something first\n';
      assert.deepEqual(parseServerVersion(`${warning}${line}\n`), { kind: 'known', engine, version });
    });

  it('reads nothing into what other programs say', () => {
    for (const line of ['', 'redis-cli 7.0.15', 'Apache server v=2.4.1', 'Redis server v=unknown'])
      assert.equal(parseServerVersion(line), undefined);
  });
});

describe('isAtLeast', () => {
  it('compares number by number', () => {
    assert(isAtLeast('6.2.0', '6.2'));
    assert(isAtLeast('6.10.0', '6.2'));
    assert(isAtLeast('10.0.0', '6.2'));
    assert(!isAtLeast('6.1.99', '6.2'));
    assert(!isAtLeast('5.9.9', '6.2'));
  });
});

describe('withLibraries', () => {
  it('puts the folder before what was there', () => {
    assert.deepEqual(withLibraries({ LD_LIBRARY_PATH: '/a' }, '/lib'), { LD_LIBRARY_PATH: '/lib:/a' });
    // An empty entry would mean the working directory.
    assert.deepEqual(withLibraries({ LD_LIBRARY_PATH: '' }, '/lib'), { LD_LIBRARY_PATH: '/lib' });
    assert.deepEqual(withLibraries({ A: 'b' }, undefined), { A: 'b' });
  });
});
