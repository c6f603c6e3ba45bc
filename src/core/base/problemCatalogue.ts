import type { CatalogueEntry } from './catalogueEntry';
import { cliProblems } from './problems/cliProblems';
import { connectionProblems } from './problems/connectionProblems';
import { databaseProblems } from './problems/databaseProblems';
import { launchProblems } from './problems/launchProblems';
import { planProblems } from './problems/planProblems';
import { runProblems } from './problems/runProblems';
import { siteProblems } from './problems/siteProblems';
import { specProblems } from './problems/specProblems';
import { tensorProblems } from './problems/tensorProblems';
import { valueProblems } from './problems/valueProblems';
import { windowProblems } from './problems/windowProblems';

/** Every problem code, once, by the stage that finds it; explained in `docs/errors.md`. */
const entries = {
  ...specProblems,
  ...siteProblems,
  ...planProblems,
  ...launchProblems,
  ...runProblems,
  ...tensorProblems,
  ...connectionProblems,
  ...databaseProblems,
  ...valueProblems,
  ...cliProblems,
  ...windowProblems,
} as const;

export type ProblemCode = keyof typeof entries;

export const catalogue: Readonly<Record<ProblemCode, CatalogueEntry>> = entries;

/** The texts of a code. What a newer version has recorded or tells may have a code that this one does not know. */
export function entryOf(code: ProblemCode): CatalogueEntry {
  return catalogue[Object.hasOwn(catalogue, code) ? code : 'problem-unknown'];
}
