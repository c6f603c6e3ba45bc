import validate, { type SchemaError } from 'compiled:experiment.schema.json';
import { problem, type DocumentPath, type Problem, type ProblemArguments } from '../base/problem';
import type { ProblemCode } from '../base/problemCatalogue';
import { closestWord } from './closestWord';
import { displayArguments } from './displayText';
import { nodeAt, type ExperimentDocument } from './experimentDocument';
import { formatPath } from './formatPath';
import { locate, locateKey } from './locate';
import { rulesAt, type SchemaRule, type SchemaType } from './schemaRule';
import { withoutNoise } from './withoutNoise';

/** What the schema finds wrong with a document's value. */
export interface SchemaVerdict {
  readonly problems: readonly Problem[];
  /** Apart from keys that nobody knows, the value is an `ExperimentFile`. */
  readonly usable: boolean;
}

/** Faults beyond this number are not even translated. */
const maximumTranslated = 500;

/** Holds a document's plain value against the schema: one problem for each fault. */
export function checkAgainstSchema(document: ExperimentDocument, value: unknown): SchemaVerdict {
  if (validate(value)) return { problems: [], usable: true };
  const errors = withoutNoise(validate.errors ?? []);
  const problems = errors.slice(0, maximumTranslated).map((error) => translate(error, document));
  return {
    problems: withoutMisspeltTwice(problems),
    usable: errors.every(({ keyword }) => keyword === 'additionalProperties'),
  };
}

/** A required key that is there, but misspelt, is told as misspelt only. */
function withoutMisspeltTwice(problems: readonly Problem[]): readonly Problem[] {
  const meant = new Set(
    problems
      .filter(({ code }) => code === 'misspelt-key')
      .map(({ args, place }) => formatPath([...(place?.path ?? []).slice(0, -1), args['closest'] ?? ''])),
  );
  return problems.filter(
    ({ code, args, place }) =>
      !(code === 'missing-key' || code === 'missing-key-in') ||
      !meant.has(formatPath([...(place?.path ?? []), args['key'] ?? ''])),
  );
}

/** A problem's code and arguments. */
type Saying = readonly [ProblemCode, ProblemArguments];

function translate(error: SchemaError, document: ExperimentDocument): Problem {
  const path = pathOf(error.instancePath, document);
  const key = error.params['additionalProperty'];
  const place =
    typeof key === 'string'
      ? { path: [...path, key], range: locateKey(document, [...path, key]) ?? locate(document, path) }
      : { path, range: locate(document, path) };
  const [code, args] = say(error, path, document);
  return problem(code, displayArguments(args), { place: { file: document.file, ...place } });
}

function say({ keyword, params }: SchemaError, path: DocumentPath, document: ExperimentDocument): Saying {
  const node = nodeAt(document, path);
  const value = node?.kind === 'scalar' ? node.source : '';
  const shown = formatPath(path);
  switch (keyword) {
    case 'additionalProperties':
      return sayUnknownKey(String(params['additionalProperty']), path);
    case 'required': {
      const key = String(params['missingProperty']);
      return path.length === 0 ? ['missing-key', { key }] : ['missing-key-in', { key, path: shown }];
    }
    case 'type':
    case 'anyOf':
      return sayWrongType(path, document);
    case 'enum':
      return sayUnknownWord(value, path);
    case 'minimum':
      return ['number-too-small', { path: shown, value, minimum: Number(params['limit']) }];
    case 'maximum':
      return ['number-too-large', { path: shown, value, maximum: Number(params['limit']) }];
    case 'minLength':
    case 'minItems':
      return ['empty-value', { path: shown }];
    case 'pattern': {
      const [example] = rulesAt(path).flatMap(({ examples = [] }) => examples);
      return ['wrong-form', { path: shown, value, example: String(example) }];
    }
    default:
      throw new Error(`The schema uses ${keyword}, which nobody translates.`);
  }
}

function sayUnknownKey(key: string, parent: DocumentPath): Saying {
  const known = rulesAt(parent).flatMap(({ properties = {} }) => Object.keys(properties));
  const where = parent.length === 0 ? 'an experiment file' : `\`${formatPath(parent)}\``;
  const closest = closestWord(key, known);
  return closest === undefined
    ? ['unknown-key', { key, where, known: known.join(', ') }]
    : ['misspelt-key', { key, where, closest }];
}

function sayUnknownWord(value: string, path: DocumentPath): Saying {
  if (path.length === 1 && path[0] === 'version') return ['unknown-version', { value }];
  const known = rulesAt(path)
    .flatMap((rule) => rule.enum ?? [])
    .map(String);
  const closest = closestWord(value, known);
  return closest === undefined
    ? ['unknown-word', { value, path: formatPath(path), known: known.join(', ') }]
    : ['misspelt-word', { value, path: formatPath(path), closest }];
}

function sayWrongType(at: DocumentPath, document: ExperimentDocument): Saying {
  if (at.length === 0) return ['not-a-map', {}];
  const node = nodeAt(document, at);
  const path = formatPath(at);
  const rules = rulesAt(at);
  const expected = rules.flatMap(expectedWords).join(' or ');
  if (node?.kind !== 'scalar') {
    const found = typeWords[node?.kind === 'mapping' ? 'object' : 'array'];
    return ['wrong-type', { path, expected, found }];
  }
  if (node.source === '' && node.value === null) return ['nothing-given', { path, expected }];
  const couldBeQuoted = takes(rules, 'string') && !takes(rules, 'integer') && node.value !== null;
  if (couldBeQuoted && typeof node.value !== 'string') {
    const kind = typeof node.value === 'number' ? typeWords.number : typeWords.boolean;
    return ['text-without-quotes', { path, value: node.source, kind }];
  }
  return ['wrong-type', { path, expected, found: foundWords(node) }];
}

/** A scalar as a reader sees it: quotes belong to text alone. */
function foundWords({ value, source }: { readonly value: unknown; readonly source: string }): string {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return `the number ${source}`;
    case 'boolean':
      return source;
    default:
      return value === null ? typeWords.null : `"${source}"`;
  }
}

/** Whether any text, or any whole number, would do. */
function takes(rules: readonly SchemaRule[], type: SchemaType): boolean {
  return rules.some((rule) => rule.enum === undefined && [rule.type].flat().includes(type));
}

function expectedWords(rule: SchemaRule): readonly string[] {
  return rule.enum?.map(String) ?? [rule.type ?? []].flat().map((type) => typeWords[type]);
}

/** What each type is called. */
const typeWords: Readonly<Record<SchemaType, string>> = {
  object: 'a map',
  array: 'a list',
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
};

function pathOf(pointer: string, document: ExperimentDocument): DocumentPath {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps.reduce<DocumentPath>(
    (path, step) => [...path, nodeAt(document, path)?.kind === 'sequence' ? Number(step) : step],
    [],
  );
}
