import assert from 'node:assert/strict';
import { parseExperiment } from '../../src/core/spec/parseExperiment';
import { validateExperiment } from '../../src/core/spec/validateExperiment';
import type { ExperimentSpec } from '../../src/core/spec/experimentSpec';
import { messageOf } from '../../src/core/base/problem';

/** The spec of a text that has no errors, as if it stood in `/lab/x.smartsim.yaml`. */
export function specOf(text: string, file = '/lab/x.smartsim.yaml'): ExperimentSpec {
  const checked = validateExperiment(parseExperiment({ file, text }));
  assert(checked.ok, checked.problems.map(messageOf).join('\n'));
  return checked.value;
}
