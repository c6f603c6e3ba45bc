import assert from 'node:assert/strict';
import { launchOrder } from '../../../src/core/plan/launchOrder';
import { specOf } from '../../support/specOf';

describe('launchOrder', () => {
  function order(models: Readonly<Record<string, readonly string[]>>): readonly string[] {
    const written = Object.entries(models).map(
      ([name, needed]) => `  ${name}: {run_settings: {exe: x}, depends_on: [${needed.join(', ')}]}\n`,
    );
    return launchOrder(specOf(`version: 1\nexperiment: x\nmodels:\n${written.join('')}`).models).map(
      ({ name }) => name,
    );
  }

  it('keeps the order of the file where nothing depends', () => {
    assert.deepEqual(order({ c: [], a: [], b: [] }), ['c', 'a', 'b']);
  });

  it('puts each after those it depends on', () => {
    assert.deepEqual(order({ d: ['b', 'c'], c: ['a'], b: ['a'], a: [], e: [] }), ['a', 'b', 'c', 'd', 'e']);
  });
});
