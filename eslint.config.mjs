import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** What each folder of `src` may import besides itself; anything that is not named here is refused. */
const mayImport = {
  shared: [],
  'core/base': ['shared'],
  'core/spec': ['shared', 'core/base'],
  'core/site': ['shared', 'core/base'],
  'core/plan': ['shared', 'core/base', 'core/spec', 'core/site'],
  'core/redis': ['shared', 'core/base'],
  'core/tensor': ['shared', 'core/base', 'core/redis'],
  'core/database': ['shared', 'core/base', 'core/redis', 'core/site', 'core/deployment'],
  'core/keyspace': ['shared', 'core/base', 'core/redis', 'core/database'],
  'core/value': ['shared', 'core/base', 'core/redis', 'core/database', 'core/keyspace', 'core/tensor'],
  'core/inspection': [
    'shared',
    'core/base',
    'core/redis',
    'core/database',
    'core/keyspace',
    'core/value',
    'core/tensor',
  ],
  'core/launch': ['shared', 'core/base', 'core/plan', 'core/redis'],
  'core/deployment': ['shared', 'core/base', 'core/plan', 'core/launch'],
  'core/run': ['shared', 'core/base', 'core/plan', 'core/launch', 'core/deployment'],
  supervisor: ['shared', 'core'],
  inspector: ['shared', 'core'],
  cli: ['shared', 'core'],
  extension: ['shared', 'core'],
};

const zones = Object.entries(mayImport).map(([folder, others]) => ({
  target: `./src/${folder}`,
  from: './src',
  except: [folder, ...others].map((name) => `./${name}`),
  message: `src/${folder} may import only itself${others.length > 0 ? ` and ${others.join(', ')}` : ''} (ARCHITECTURE.md, layers).`,
}));

/** Outside packages have one home each. */
const packageHomes = {
  vscode: ['src/extension/**'],
  yaml: ['src/core/spec/**'],
  execa: ['src/core/site/runTool.ts'],
  ioredis: ['src/core/redis/**'],
  'cluster-key-slot': ['src/core/redis/**'],
  'vscode-jsonrpc': [
    'src/core/run/**',
    'src/core/inspection/**',
    'src/supervisor/**',
    'src/inspector/**',
    'src/extension/bridge/inspectorThread.ts',
  ],
};
const forbidden = (names) => ({
  paths: names.map((name) => ({
    name,
    message: `${name} has its home in ${packageHomes[name]?.join(', ') ?? 'no file here'}.`,
  })),
  patterns: names.map((name) => ({ group: [`${name}/*`], message: `${name} has its home elsewhere.` })),
});

/** One rule entry for each set of files: two entries for one file do not add up, the later wins. */
const allPackages = Object.keys(packageHomes);
const homeRules = [
  { files: ['src/**/*.ts'], allowed: [] },
  ...[...new Set(Object.values(packageHomes).flat())].map((home) => ({
    files: [home],
    allowed: allPackages.filter((name) => packageHomes[name].includes(home)),
  })),
  // What a view shows is computed without VS Code.
  { files: ['src/extension/views/**/*Nodes.ts'], allowed: [] },
].map(({ files, allowed }) => ({
  files,
  rules: {
    'no-restricted-imports': ['error', forbidden(allPackages.filter((name) => !allowed.includes(name)))],
  },
}));

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'out/**',
      'node_modules/**',
      '.host/**',
      'tools/*/node_modules/**',
      'test/fixtures/**',
      '.vscode-test/**',
    ],
  },
  {
    files: ['src/**/*.ts', 'test/**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    settings: {
      // Without the resolver the zones match nothing and stay green.
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: 'src/*/tsconfig.json' })],
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
      'import-x/no-cycle': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: 'error',
    },
  },
  ...homeRules,
  {
    files: ['src/core/**/*.ts'],
    rules: {
      'no-console': 'error',
      'no-process-exit': 'error',
      'no-restricted-properties': ['error', { object: 'process', property: 'exit' }],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // mocha's describe and it give promises that nobody awaits.
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', package: 'mocha', name: ['describe', 'it'] }] },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
