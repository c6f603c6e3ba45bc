import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseExperiment } from '../../../src/core/spec/parseExperiment';
import { validateExperiment } from '../../../src/core/spec/validateExperiment';
import { assertGolden } from '../../support/golden';
import { projectRoot } from '../../support/projectRoot';

const valid = path.join(projectRoot, 'test/fixtures/experiments/valid');

describe('validateExperiment', () => {
  for (const name of readdirSync(valid).filter((file) => file.endsWith('.yaml'))) {
    it(`makes the expected spec of ${name}`, () => {
      const text = readFileSync(path.join(valid, name), 'utf8');
      const checked = validateExperiment(parseExperiment({ file: `/experiments/${name}`, text }));
      assert.deepEqual(checked.problems, []);
      assert(checked.ok);
      assertGolden(path.join(valid, name.replace(/\.yaml$/, '.spec.json')), checked.value);
    });
  }
});
