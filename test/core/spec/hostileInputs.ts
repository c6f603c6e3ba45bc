import type { ProblemCode } from '../../../src/core/base/problemCatalogue';

const header = 'version: 1\nexperiment: hostile\n';

/** Texts that are made to hurt a reader, each with the problem that must be told. */
export const hostileInputs: readonly {
  readonly name: string;
  readonly text: () => string;
  readonly code: ProblemCode;
}[] = [
  {
    name: 'a text above the limit',
    text: () => `${header}${'#'.repeat(1024 * 1024)}`,
    code: 'file-too-large',
  },
  { name: 'a megabyte of items', text: () => `[${'1,'.repeat(500_000)}]`, code: 'file-too-complex' },
  { name: '20 000 brackets', text: () => '['.repeat(20_000), code: 'nested-too-deep' },
  { name: '20 000 dashes', text: () => '- '.repeat(20_000), code: 'nested-too-deep' },
  { name: '20 000 question marks', text: () => '? '.repeat(20_000), code: 'nested-too-deep' },
  {
    name: 'aliases nested through aliases',
    text: () =>
      `a0: &a0 [x]\n${Array.from({ length: 200 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}]\n`).join('')}`,
    code: 'nested-too-deep',
  },
  {
    name: '20 000 unknown keys',
    text: () => header + Array.from({ length: 20_000 }, (_, n) => `key${n}: 1\n`).join(''),
    code: 'too-many-problems',
  },
  {
    name: '20 000 misspelt keys',
    text: () =>
      `${header}orchestrators:\n  a: {}\n${Array.from({ length: 20_000 }, (_, n) => `  d${n}: {prt: ${n}}\n`).join('')}`,
    code: 'misspelt-key',
  },
  {
    name: '20 000 wrong alternatives',
    text: () =>
      `${header}orchestrators:\n${Array.from({ length: 20_000 }, (_, n) => `  d${n}: {port: []}\n`).join('')}`,
    code: 'wrong-type',
  },
  {
    name: '5 000 duplicate keys',
    text: () => header + 'experiment: again\n'.repeat(5000),
    code: 'duplicate-key',
  },
  {
    name: '15 000 anchors and aliases',
    text: () =>
      `${header}models:\n${Array.from({ length: 15_000 }, (_, n) => `  m${n}: &a${n} x\n  n${n}: *a${n}\n`).join('')}`,
    code: 'wrong-type',
  },
  {
    name: '20 000 aliases of one map',
    text: () =>
      `${header}models:\n  m: &m {a: 1, b: 2}\n${Array.from({ length: 20_000 }, (_, n) => `  n${n}: *m\n`).join('')}`,
    code: 'aliases-too-large',
  },
  {
    name: '3 000 merges of one large map',
    text: () =>
      `m: &m {${Array.from({ length: 3000 }, (_, n) => `k${n}: 1`).join(', ')}}\n${'x: {<<: *m}\n'.repeat(3000)}`,
    code: 'aliases-too-large',
  },
  {
    name: '4 000 models that wait for names which are not there',
    text: () =>
      `${header}models:\n${Array.from({ length: 4000 }, (_, n) => `  a-rather-long-name-of-a-model-${n}: {run_settings: {exe: a}, depends_on: [b-rather-long-name-of-a-model-${n}]}\n`).join('')}`,
    code: 'too-many-problems',
  },
  {
    name: 'a chain of 8 000 models that ends in a circle',
    text: () =>
      `${header}models:\n${Array.from({ length: 8000 }, (_, n) => `  m${n}: {run_settings: {exe: a}, depends_on: [m${(n + 1) % 8000}]}\n`).join('')}`,
    code: 'cyclic-depends-on',
  },
  {
    name: 'names of the prototype',
    text: () => `${header}__proto__: {polluted: 1}\nconstructor: 1\ntoString: 2\n`,
    code: 'unknown-key',
  },
  {
    name: 'NUL characters',
    text: () => `${header}models: {"a\0b": {run_settings: {exe: "\0"}}}\n`,
    code: 'nul-character',
  },
  {
    name: 'a key of 100 000 characters',
    text: () => `${header}${'k'.repeat(100_000)}: 1\n`,
    code: 'yaml-key',
  },
  {
    name: 'a huge number of shards',
    text: () => `${header}orchestrator: {db_nodes: 9007199254740991}\n`,
    code: 'too-many-shards',
  },
  { name: '100 000 quotes', text: () => `${header}${'"'.repeat(100_001)}`, code: 'yaml-colon-missing' },
];
