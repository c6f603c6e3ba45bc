import path from 'node:path';
import { assertGolden } from '../../support/golden';
import { invalidFixtures, invalidFolder, problemsOfFixture, shownProblem } from './problemFixtures';

describe('invalid experiment files', () => {
  for (const name of invalidFixtures()) {
    it(`${name} has the expected problems`, () => {
      const golden = path.join(invalidFolder, name.replace(/\.yaml$/, '.problems.json'));
      assertGolden(golden, problemsOfFixture(name).map(shownProblem));
    });
  }
});
