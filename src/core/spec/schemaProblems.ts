import validate, { type SchemaError } from 'compiled:experiment.schema.json';
import { problem, type DocumentPath, type Problem, type Range } from '../base/problem';
import { closestWord } from './closestWord';
import { nodeAt, type ExperimentDocument } from './experimentDocument';
import schema from './experiment.schema.json';
import { formatPath } from './formatPath';
import { locate, locateKey } from './locate';

/** What the schema finds wrong with a value, as problems of the document it was read from. */
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
  const errors = withoutNoise(validate.errors ?? [], document);
  return {
    problems: errors.slice(0, maximumTranslated).map((error) => translate(document, error)),
    usable: errors.every(({ keyword }) => keyword === 'additionalProperties'),
  };
}

/** A schema error whose value has been found. */
interface LocatedError extends SchemaError {
  readonly path: DocumentPath;
}

/** Keeps one error for each fault: of alternatives those that fit the value's type, of several rules the broader. */
function withoutNoise(all: readonly SchemaError[], document: ExperimentDocument): readonly LocatedError[] {
  let kept: SchemaError[] = [];
  for (const error of all) {
    if (error.keyword === 'anyOf') kept = collapseAlternatives(kept, error);
    else kept.push(error);
  }
  const wrongTypes = new Set(
    kept.filter(({ keyword }) => keyword === 'type').map(({ instancePath }) => instancePath),
  );
  return kept
    .filter(({ keyword, instancePath }) => keyword === 'type' || !wrongTypes.has(instancePath))
    .map((error) => ({ ...error, path: pathOf(error.instancePath, document) }));
}

/** `all` ends with the errors of each alternative; `error` says that none of them fitted. */
function collapseAlternatives(all: readonly SchemaError[], error: SchemaError): SchemaError[] {
  const isInside = ({ instancePath }: SchemaError) =>
    instancePath === error.instancePath || instancePath.startsWith(`${error.instancePath}/`);
  const inside = all.filter(isInside);
  const misfits = inside.filter(
    ({ keyword, instancePath }) => keyword === 'type' && instancePath === error.instancePath,
  );
  const branchCount = (ruleAt(error.schemaPath) as readonly unknown[]).length;
  // An `enum` error beside the type error of the same alternative says nothing new.
  const misfitting = new Set(misfits.map(({ schemaPath }) => schemaPath.replace(/\/type$/, '/enum')));
  const fitting = inside.filter((found) => !misfits.includes(found) && !misfitting.has(found.schemaPath));
  const rest = all.filter((found) => !isInside(found));
  return misfits.length < branchCount && fitting.length > 0
    ? [...rest, ...fitting]
    : [...rest, { ...error, keyword: 'type' }];
}

function pathOf(pointer: string, document: ExperimentDocument): DocumentPath {
  const path: (string | number)[] = [];
  for (const step of stepsOf(pointer)) {
    path.push(nodeAt(document, path)?.kind === 'sequence' ? Number(step) : step);
  }
  return path;
}

function stepsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function translate(document: ExperimentDocument, error: LocatedError): Problem {
  const { path } = error;
  const at = (range: Range, where: DocumentPath = path) => ({
    place: { file: document.file, path: where, range },
  });
  const name = formatPath(path);
  const value = shownValue(document, path);
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params['additionalProperty']);
      const place = at(locateKey(document, [...path, key]) ?? locate(document, path), [...path, key]);
      return unknownKey(key, name, Object.keys(parentRule(error).properties ?? {}), place);
    }
    case 'required': {
      const key = String(error.params['missingProperty']);
      const place = at(locate(document, path));
      return path.length === 0
        ? problem('missing-key', { key }, place)
        : problem('missing-key-in', { key, path: name }, place);
    }
    case 'type':
      return wrongType(document, error, at(locate(document, path)));
    case 'enum':
      return unknownWord(
        path,
        value,
        error.params['allowedValues'] as readonly unknown[],
        at(locate(document, path)),
      );
    case 'minimum':
      return problem(
        'number-too-small',
        { path: name, value, minimum: Number(error.params['limit']) },
        at(locate(document, path)),
      );
    case 'maximum':
      return problem(
        'number-too-large',
        { path: name, value, maximum: Number(error.params['limit']) },
        at(locate(document, path)),
      );
    case 'minLength':
    case 'minItems':
      return problem('empty-value', { path: name }, at(locate(document, path)));
    case 'pattern': {
      const example = (parentRule(error).examples ?? [])[0];
      return problem(
        'wrong-form',
        { path: name, value, example: String(example) },
        at(locate(document, path)),
      );
    }
    default:
      throw new Error(`The schema uses ${error.keyword}, which has no translation.`);
  }
}

type More = NonNullable<Parameters<typeof problem>[2]>;

function unknownKey(key: string, parent: string, known: readonly string[], place: More): Problem {
  const shown = shorten(key);
  const where = parent === '' ? 'an experiment file' : parent;
  const closest = closestWord(key, known);
  return closest === undefined
    ? problem('unknown-key', { key: shown, where, known: known.join(', ') }, place)
    : problem('misspelt-key', { key: shown, where, closest }, place);
}

function unknownWord(path: DocumentPath, value: string, allowed: readonly unknown[], place: More): Problem {
  if (formatPath(path) === 'version') return problem('unknown-version', { value }, place);
  const words = allowed.map(String);
  const closest = closestWord(value, words);
  return closest === undefined
    ? problem('unknown-word', { value, path: formatPath(path), known: words.join(', ') }, place)
    : problem('misspelt-word', { value, path: formatPath(path), closest }, place);
}

function wrongType(document: ExperimentDocument, error: LocatedError, place: More): Problem {
  const node = nodeAt(document, error.path);
  if (error.path.length === 0) return problem('not-a-map', {}, place);
  const path = formatPath(error.path);
  const expected = expectedWords(parentRule(error));
  if (node?.kind === 'scalar' && node.value === null && node.source === '') {
    return problem('nothing-given', { path, expected: expected.join(' or ') }, place);
  }
  if (
    node?.kind === 'scalar' &&
    node.value !== null &&
    typeof node.value !== 'string' &&
    expected.includes(words.string)
  ) {
    return problem(
      'text-without-quotes',
      { path, value: node.source, kind: words[kindOf(node.value)] },
      place,
    );
  }
  return problem(
    'wrong-type',
    { path, expected: expected.join(' or '), found: found(document, error.path) },
    place,
  );
}

/** What each JSON type is called. */
const words = {
  object: 'a map',
  array: 'a list',
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
} as const;

function kindOf(value: number | boolean): 'number' | 'boolean' {
  return typeof value === 'number' ? 'number' : 'boolean';
}

function expectedWords(rule: Rule): readonly string[] {
  if (rule.$ref !== undefined) return expectedWords(ruleAt(rule.$ref) as Rule);
  if (rule.anyOf !== undefined) return rule.anyOf.flatMap(expectedWords);
  if (rule.enum !== undefined) return rule.enum.map(String);
  return [rule.type ?? []].flat().map((type) => words[type]);
}

function found(document: ExperimentDocument, path: DocumentPath): string {
  const node = nodeAt(document, path);
  if (node?.kind === 'mapping') return words.object;
  if (node?.kind === 'sequence') return words.array;
  return JSON.stringify(shownValue(document, path));
}

function shownValue(document: ExperimentDocument, path: DocumentPath): string {
  const node = nodeAt(document, path);
  return node?.kind === 'scalar' ? shorten(node.source) : '';
}

/** Long enough to recognise it, short enough for a line. */
function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}

/** What this file reads of the schema's rules. */
interface Rule {
  readonly $ref?: string;
  readonly type?: keyof typeof words | readonly (keyof typeof words)[];
  readonly anyOf?: readonly Rule[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Rule>>;
  readonly examples?: readonly unknown[];
}

/** The rule that the failed keyword belongs to. */
function parentRule({ schemaPath }: SchemaError): Rule {
  return ruleAt(schemaPath.slice(0, schemaPath.lastIndexOf('/'))) as Rule;
}

function ruleAt(pointer: string): unknown {
  return stepsOf(pointer).reduce<unknown>((rule, step) => (rule as Record<string, unknown>)[step], schema);
}
