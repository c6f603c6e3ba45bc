import assert from 'node:assert/strict';
import { experimentLabel } from '../../../src/extension/state/experimentLabel';

describe('experimentLabel', () => {
  for (const [file, label] of [
    ['/a/lattice.smartsim.yaml', 'lattice'],
    ['/a/lattice.smartsim.yml', 'lattice'],
    ['/a/demo/smartsim.yaml', 'demo'],
    ['/a/demo/smartsim.yml', 'demo'],
    ['/a/my.run.smartsim.yaml', 'my.run'],
    ['/a/other.yaml', 'other.yaml'],
  ] as const) {
    it(`calls ${file} ${label}`, () => {
      assert.equal(experimentLabel(file), label);
    });
  }
});
