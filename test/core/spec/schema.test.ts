import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import schema from '../../../src/core/spec/experiment.schema.json';
import { parseExperiment } from '../../../src/core/spec/parseExperiment';
import { plainValue } from '../../../src/core/spec/plainValue';
import { rulesAt } from '../../../src/core/spec/schemaRule';
import { checkAgainstSchema } from '../../../src/core/spec/schemaProblems';
import { projectRoot } from '../../support/projectRoot';

/** Keywords that `schemaProblems.ts` has words for, or that check nothing. */
const translated = new Set([
  ...['type', 'properties', 'required', 'additionalProperties', 'items', 'enum', 'anyOf', '$ref'],
  ...['minimum', 'maximum', 'minLength', 'minItems', 'pattern'],
  ...['title', 'description', 'default', 'examples'],
]);

describe('the schema of experiment files', () => {
  it('uses only keywords that problems have words for', () => {
    const { $schema, $id, definitions, ...root } = schema;
    assert.match($schema, /draft-07/);
    assert.match($id, /^urn:/);
    for (const rule of [root, ...Object.values(definitions)].flatMap(allRules)) {
      assert.deepEqual(
        Object.keys(rule).filter((keyword) => !translated.has(keyword)),
        [],
      );
    }
  });

  it('titles and describes every key, and gives every pattern an example', () => {
    const { definitions, ...root } = schema;
    for (const rule of [root, ...Object.values(definitions)].flatMap(allRules)) {
      for (const [key, value] of Object.entries(mapIn(rule, 'properties'))) {
        assert(typeof value['title'] === 'string' && typeof value['description'] === 'string', key);
      }
      if ('pattern' in rule) assert(Array.isArray(rule['examples']), JSON.stringify(rule));
    }
  });

  it('refuses unknown keys in every section', () => {
    const { definitions, ...root } = schema;
    for (const rule of [root, ...Object.values(definitions)].flatMap(allRules)) {
      if ('properties' in rule)
        assert.equal(rule['additionalProperties'], false, JSON.stringify(rule['title']));
    }
  });

  it('agrees with its compiled form on every fixture', () => {
    const published = new Ajv({ allowUnionTypes: true, ownProperties: true }).compile(schema);
    const verdicts = new Set<boolean>();
    for (const folder of ['valid', 'invalid'].map((name) =>
      path.join(projectRoot, 'test/fixtures/experiments', name),
    )) {
      for (const name of readdirSync(folder).filter((file) => file.endsWith('.yaml'))) {
        const document = parseExperiment({
          file: `/${name}`,
          text: readFileSync(path.join(folder, name), 'utf8'),
        });
        const value = plainValue(document.root);
        const valid = published(value);
        assert.equal(checkAgainstSchema(document, value).problems.length === 0, valid, name);
        verdicts.add(valid);
      }
    }
    assert.equal(verdicts.size, 2);
  });

  it('gives the type of a parsed file and the reference page', () => {
    const script = path.join(projectRoot, 'scripts/describeExperimentFile.mjs');
    const { status, stderr } = spawnSync(process.execPath, [script, '--check'], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    assert.equal(status, 0, stderr);
  });
});

describe('rulesAt', () => {
  it('finds the alternatives of a value', () => {
    const rules = rulesAt(['orchestrators', 'any', 'ai']);
    assert.deepEqual(
      rules.map(({ type }) => type),
      ['string', 'object'],
    );
    assert.equal(rulesAt(['models', 'sim', 'ml_models', 3, 'name'])[0]?.type, 'string');
  });

  it('knows nothing of unknown paths', () => {
    assert.deepEqual(rulesAt(['constructor', 'name']), []);
  });
});

type Rule = Readonly<Record<string, unknown>>;

/** The rule itself and all rules in it. */
function allRules(rule: Rule): readonly Rule[] {
  const { additionalProperties, items, anyOf = [] } = rule;
  const inner = [
    ...Object.values(mapIn(rule, 'properties')),
    ...[additionalProperties, items].filter((value) => typeof value === 'object'),
    ...(anyOf as readonly Rule[]),
  ] as readonly Rule[];
  return [rule, ...inner.flatMap(allRules)];
}

function mapIn(rule: Rule, keyword: string): Readonly<Record<string, Rule>> {
  return (rule[keyword] ?? {}) as Readonly<Record<string, Rule>>;
}
