import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf, remedyOf } from '../../../src/core/base/problem';
import { specProblems } from '../../../src/core/base/problems/specProblems';
import { hostileInputs } from './hostileInputs';
import { invalidFixtures, invalidFolder, problemsOfFixture } from './problemFixtures';

describe('problems of experiment files', () => {
  it('each occur in an invalid fixture or a hostile input', () => {
    const seen = new Set([
      ...invalidFixtures().flatMap((name) => problemsOfFixture(name).map(({ code }) => code)),
      // hostile.test.ts proves that they do.
      ...hostileInputs.map(({ code }) => code),
    ]);
    const unseen = Object.keys(specProblems).filter((code) => !seen.has(code as keyof typeof specProblems));
    assert.deepEqual(unseen, []);
  });

  it('leave no placeholder unfilled', () => {
    for (const name of invalidFixtures()) {
      // What the user wrote may have braces of its own.
      const text = readFileSync(path.join(invalidFolder, name), 'utf8');
      for (const found of problemsOfFixture(name)) {
        for (const [placeholder] of `${messageOf(found)} ${remedyOf(found) ?? ''}`.matchAll(/\{\w+\}/g)) {
          assert(text.includes(placeholder), `${name}: ${found.code} shows ${placeholder}`);
        }
      }
    }
  });
});
