import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf, remedyOf, severityOf, type Problem } from '../../../src/core/base/problem';
import { parseExperiment } from '../../../src/core/spec/parseExperiment';
import { validateExperiment } from '../../../src/core/spec/validateExperiment';
import { projectRoot } from '../../support/projectRoot';

/** Invalid files, each beside the problems it must have. */
export const invalidFolder = path.join(projectRoot, 'test/fixtures/experiments/invalid');

export function invalidFixtures(): readonly string[] {
  return readdirSync(invalidFolder).filter((name) => name.endsWith('.yaml'));
}

export function problemsOfText(text: string): readonly Problem[] {
  return validateExperiment(parseExperiment({ file: '/experiments/a.smartsim.yaml', text })).problems;
}

export function problemsOfFixture(name: string): readonly Problem[] {
  return problemsOfText(readFileSync(path.join(invalidFolder, name), 'utf8'));
}

/** As golden files hold it: everything that a user sees, the place as `line:character-line:character` from 0. */
export function shownProblem(found: Problem) {
  const { start, end } = found.place?.range ?? { start: undefined, end: undefined };
  return {
    code: found.code,
    severity: severityOf(found),
    range: start && `${start.line}:${start.character}-${end.line}:${end.character}`,
    message: messageOf(found),
    remedy: remedyOf(found),
  };
}
