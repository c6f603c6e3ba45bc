import { problem, severityOf } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import { checks } from './checks/checks';
import type { ReportAt } from './checks/check';
import { displayArguments } from './displayText';
import type { ExperimentDocument } from './experimentDocument';
import type { ExperimentFile } from './experimentFile';
import type { ExperimentSpec } from './experimentSpec';
import { locate, locateKey } from './locate';
import { plainValue } from './plainValue';
import { checkAgainstSchema } from './schemaProblems';
import { sortAndCap } from './sortAndCap';
import { toExperimentSpec } from './toExperimentSpec';

/**
 * Checks a document without looking at the machine. The problems are those of the whole file, the
 * parser's included, in the order of the text; each has `place.path` or is one of the parser's, and
 * `place.range`.
 */
export function validateExperiment(document: ExperimentDocument): Result<ExperimentSpec> {
  // What could not be read would only be reported as missing.
  if (!document.wellFormed) return failure(...sortAndCap(document.problems));
  const value = plainValue(document.root);
  const verdict = checkAgainstSchema(document, value);
  const found = [...document.problems, ...verdict.problems];
  if (!verdict.usable) return failure(...sortAndCap(found));
  const file = value as ExperimentFile;
  const report: ReportAt = (code, path, args = {}, part = 'value') => {
    const range = (part === 'key' ? locateKey(document, path) : undefined) ?? locate(document, path);
    found.push(problem(code, displayArguments(args), { place: { file: document.file, path, range } }));
  };
  for (const check of checks) check(file, report, document);
  const problems = sortAndCap(found);
  const failed = problems.some((one) => severityOf(one) === 'error');
  return failed ? failure(...problems) : success(toExperimentSpec(document, file), problems);
}
