import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Position } from '../../../src/core/base/problem';
import { parseExperiment } from '../../../src/core/spec/parseExperiment';
import { maximumProblems } from '../../../src/core/spec/sortAndCap';
import { validateExperiment } from '../../../src/core/spec/validateExperiment';
import { entitiesOf } from '../../../src/core/spec/entitiesOf';
import { projectRoot } from '../../support/projectRoot';
import { hostileInputs } from './hostileInputs';
import { invalidFolder, problemsOfText } from './problemFixtures';

describe('hostile experiment files', () => {
  for (const { name, text, code } of hostileInputs) {
    it(`${name} get a clear refusal`, () => {
      const problems = problemsOfText(text());
      assert(
        problems.some((found) => found.code === code),
        `found ${[...new Set(problems.map((found) => found.code))].join(', ')}`,
      );
      assert(problems.length <= maximumProblems + 1);
      assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
    });
  }
});

describe('mutated experiment files', () => {
  it('never throw, and have every problem inside the text', function () {
    this.timeout(120_000);
    const random = seededRandom(20_261_123);
    const sources = [path.join(projectRoot, 'test/fixtures/experiments/valid'), invalidFolder].flatMap(
      (folder) =>
        readdirSync(folder)
          .filter((name) => name.endsWith('.yaml'))
          .map((name) => readFileSync(path.join(folder, name), 'utf8')),
    );
    for (let round = 0; round < 2000; round += 1) {
      const text = mutate(sources[random(sources.length)]!, random);
      const document = parseExperiment({ file: '/experiments/mutated.yaml', text });
      const { ok, problems } = validateExperiment(document);
      assert(ok || problems.length > 0, JSON.stringify(text));
      const ranges = [
        ...problems.map(({ place }) => place?.range),
        ...entitiesOf(document).map(({ keyRange }) => keyRange),
      ];
      for (const range of ranges) {
        assert(range !== undefined, JSON.stringify(text));
        assertInside(range.start, document.text);
        assertInside(range.end, document.text);
        assert(compare(range.start, range.end) <= 0, JSON.stringify(text));
      }
    }
  });
});

function assertInside({ line, character }: Position, text: string): void {
  const lines = text.split(/\r\n|\r|\n/);
  assert(line < lines.length, `line ${line} of ${JSON.stringify(text)}`);
  assert(character <= lines[line]!.length, `${line}:${character} of ${JSON.stringify(text)}`);
}

function compare(one: Position, other: Position): number {
  return one.line - other.line || one.character - other.character;
}

const fragments = [
  '\n', '\r\n', '\t', ' ', '  ', ':', ': ', '- ', '? ', '[', ']', '{', '}', ',', '"', "'", '#', '&a ', '*a', '<<: *a',
  '!', '|', '>', '%', '@', '\0', '\uFEFF', '🙂', '---\n', '...\n', '__proto__', 'null', '1e999', '.nan', '0x', '~',
]; // prettier-ignore

function mutate(source: string, random: (below: number) => number): string {
  let text = source;
  for (let count = 1 + random(4); count > 0; count -= 1) {
    const at = random(text.length + 1);
    const length = random(3) === 0 ? random(40) : random(3);
    const piece =
      random(4) === 0
        ? text.slice(random(text.length + 1)).slice(0, 60)
        : fragments[random(fragments.length)]!;
    text = text.slice(0, at) + (random(4) === 0 ? '' : piece) + text.slice(at + length);
  }
  return text;
}

/** Whole numbers below a limit, the same ones in each run. */
function seededRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
