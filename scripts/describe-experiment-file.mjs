// Writes what follows from the schema of experiment files: the type of a parsed file, and the reference page.
//   node scripts/describe-experiment-file.mjs           writes both
//   node scripts/describe-experiment-file.mjs --check   fails if one of them is not what the schema says
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from './checkout.mjs';

/**
 * A part of the schema, with the keywords that it uses. Those that only some kinds have are asked for only there.
 * @typedef {object} Rule
 * @property {string} title
 * @property {string} description
 * @property {unknown[]} [examples]
 * @property {unknown} [default]
 * @property {string} [$ref]
 * @property {Rule[]} [anyOf]
 * @property {string[]} [enum]
 * @property {string | string[]} type
 * @property {Record<string, Rule>} [properties]
 * @property {string[]} [required]
 * @property {Rule} additionalProperties
 * @property {Rule} items
 * @property {number} [minimum]
 * @property {number} [maximum]
 */

/** @type {Rule & { definitions: Record<string, Rule> }} */
const schema = JSON.parse(await readFile(path.join(root, 'src/core/spec/experiment.schema.json'), 'utf8'));

const typesFile = path.join(root, 'src/core/spec/experimentFile.ts');
const pageFile = path.join(root, 'docs/experiment-file.md');
const outputs = new Map([
  [typesFile, await format(types(), { ...(await resolveConfig(typesFile)), filepath: typesFile })],
  [pageFile, page()],
]);

for (const [file, text] of outputs) {
  if (!process.argv.includes('--check')) await writeFile(file, text);
  else if ((await readFile(file, 'utf8')) !== text) {
    console.error(
      `${path.relative(root, file)} is not what the schema says: run node scripts/describe-experiment-file.mjs.`,
    );
    process.exitCode = 1;
  }
}

function types() {
  const sections = Object.entries(schema.definitions).map(([name, rule]) =>
    interfaceOf(typeName(name), rule),
  );
  return [
    '// Made from experiment.schema.json by scripts/describe-experiment-file.mjs: change it there.\n',
    interfaceOf('ExperimentFile', schema),
    ...sections,
  ].join('\n');
}

/**
 * @param {string} name
 * @param {Rule} rule
 */
function interfaceOf(name, rule) {
  const comment = `/** ${rule.description} */\n`;
  if (rule.properties === undefined) return `${comment}export type ${name} = ${typeOf(rule)};\n`;
  const members = Object.entries(rule.properties).map(([key, value]) => {
    const optional = rule.required?.includes(key) ? '' : '?';
    return `/** ${value.description} */\nreadonly ${key}${optional}: ${typeOf(value)};\n`;
  });
  return `${comment}export interface ${name} {\n${members.join('')}}\n`;
}

/**
 * @param {Rule} rule
 * @returns {string}
 */
function typeOf(rule) {
  if (rule.$ref) return typeName(definitionName(rule.$ref));
  if (rule.anyOf) return rule.anyOf.map(typeOf).join(' | ');
  if (rule.enum) return rule.enum.map((word) => JSON.stringify(word)).join(' | ');
  return [rule.type]
    .flat()
    .map((type) => typeOfOne(type, rule))
    .join(' | ');
}

/**
 * @param {string} type
 * @param {Rule} rule
 */
function typeOfOne(type, rule) {
  switch (type) {
    case 'integer':
      return 'number';
    case 'array':
      return `readonly (${typeOf(rule.items)})[]`;
    case 'object':
      if (rule.properties === undefined)
        return `Readonly<Record<string, ${typeOf(rule.additionalProperties)}>>`;
      return `{ ${Object.entries(rule.properties)
        .map(([key, value]) => `readonly ${key}?: ${typeOf(value)}`)
        .join('; ')} }`;
    default:
      return type;
  }
}

/** @param {string} reference */
function definitionName(reference) {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

/** @param {string} definition */
function typeName(definition) {
  return `${definition.charAt(0).toUpperCase()}${definition.slice(1)}Section`;
}

function page() {
  const sections = Object.values(schema.definitions).filter(({ properties }) => properties !== undefined);
  return [
    '<!-- Made from src/core/spec/experiment.schema.json by scripts/describe-experiment-file.mjs: change it there. -->\n',
    '# The experiment file\n',
    `${schema.description} It is written in YAML 1.2 and named \`*.smartsim.yaml\`, \`*.smartsim.yml\` or \`smartsim.yaml\`.`,
    'Relative paths are relative to the file.\n',
    'What a version of SmartSim Workbench does not execute yet is refused with the code `not-supported-yet`.\n',
    'A file is checked in stages: its YAML, then keys and types, then what the values say and what is not supported yet, then',
    'this machine. An error of one stage hides what later ones would find, so a corrected file may show errors that are new.\n',
    table(schema),
    ...sections.map((rule) => `\n## ${rule.title}\n\n${rule.description}\n\n${table(rule)}`),
    '',
  ].join('\n');
}

/** @param {Rule} rule */
function table(rule) {
  const rows = Object.entries(rule.properties ?? {}).map(([key, value]) =>
    [
      `\`${key}\`${rule.required?.includes(key) ? ' (required)' : ''}`,
      words(value),
      defaultOf(value),
      describe(value),
    ]
      .map((cell) => cell.replaceAll('|', '\\|'))
      .join(' | '),
  );
  return [
    '| key | value | default | meaning |',
    '| --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}

/** @param {Rule} rule */
function describe({ description, examples }) {
  if (examples === undefined) return description;
  const shown = examples.map(
    (example) => `\`${typeof example === 'string' ? example : JSON.stringify(example)}\``,
  );
  return `${description} For example: ${shown.join(', ')}.`;
}

/** @param {Rule} rule */
function defaultOf(rule) {
  return rule.default === undefined ? '' : `\`${rule.default}\``;
}

/**
 * @param {Rule} rule
 * @returns {string}
 */
function words(rule) {
  if (rule.$ref) {
    const target = schema.definitions[definitionName(rule.$ref)];
    if (target === undefined) throw new Error(`${rule.$ref} is not in the schema.`);
    return target.properties
      ? `[${target.title}](#${target.title.toLowerCase().replaceAll(' ', '-')})`
      : words(target);
  }
  if (rule.anyOf) return rule.anyOf.map(words).join(', or ');
  if (rule.enum) return rule.enum.map((word) => `\`${word}\``).join(', ');
  return [rule.type]
    .flat()
    .map((type) => wordOf(type, rule))
    .join(' or ');
}

/**
 * @param {string} type
 * @param {Rule} rule
 */
function wordOf(type, rule) {
  switch (type) {
    case 'integer': {
      const limits = [
        rule.minimum !== undefined && `from ${rule.minimum}`,
        rule.maximum !== undefined && `to ${rule.maximum}`,
      ];
      return ['whole number', ...limits.filter(Boolean)].join(' ');
    }
    case 'boolean':
      return '`true` or `false`';
    case 'string':
      return 'text';
    case 'array':
      return `list of ${words(rule.items)}`;
    case 'object':
      return rule.properties
        ? `map of ${Object.keys(rule.properties)
            .map((key) => `\`${key}\``)
            .join(', ')}`
        : `map to ${words(rule.additionalProperties)}`;
    default:
      return `\`${type}\``;
  }
}
