import assert from 'node:assert/strict';
import { fillIn } from '../../../src/core/base/problem';

describe('fillIn', () => {
  it('fills each placeholder once and never reads a value as a template', () => {
    assert.equal(fillIn('{a} and {b}', { a: '{b}', b: 2 }), '{b} and 2');
  });

  it('leaves a placeholder that has no argument as it is', () => {
    assert.equal(fillIn('{a} {toString}', { a: 'x' }), 'x {toString}');
  });
});
