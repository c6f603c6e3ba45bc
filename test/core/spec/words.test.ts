import assert from 'node:assert/strict';
import { closestWord } from '../../../src/core/spec/closestWord';
import { memoryBytes } from '../../../src/core/spec/memoryBytes';

describe('closestWord', () => {
  const known = ['exe', 'exe_args', 'run_command', 'port', 'path'];

  it('finds what was meant', () => {
    assert.equal(closestWord('Exe-Args', known), 'exe_args');
    assert.equal(closestWord('runcomand', known), 'run_command');
    assert.equal(closestWord('prot', known), 'port');
  });

  it('guesses nothing far-fetched', () => {
    assert.equal(closestWord('colour', known), undefined);
    assert.equal(closestWord('ab', ['cd']), undefined);
    assert.equal(closestWord('', known), undefined);
  });
});

describe('memoryBytes', () => {
  it('reads sizes as Redis does', () => {
    const sizes = {
      '1': 1,
      '2b': 2,
      '1k': 1000,
      '1kb': 1024,
      '3M': 3_000_000,
      '3Mb': 3_145_728,
      '1g': 1e9,
      '2GB': 2 ** 31,
    };
    for (const [size, bytes] of Object.entries(sizes)) assert.equal(memoryBytes(size), bytes, size);
    assert.equal(memoryBytes(4096), 4096);
  });

  it('reads nothing else', () => {
    for (const size of [
      '',
      '0',
      '-1',
      '1.5gb',
      '1 gb',
      '1tb',
      'gb',
      '99999999999999999999',
      '1kbb',
      'constructor',
    ]) {
      assert.equal(memoryBytes(size), undefined, size);
    }
  });
});
