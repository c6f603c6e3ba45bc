// Makes what the package carries: the bundles of the extension, the command line and the supervisor, and the engine.
// `--watch` keeps building.
import { rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { build, context } from 'esbuild';
import { root } from './checkout.mjs';
import { runToEnd } from './childProcesses.mjs';
import { compiledSchema } from './compiledSchema.mjs';
import { silentDebug } from './silentDebug.mjs';

const watch = process.argv.includes('--watch');

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.9',
  minify: !watch,
  sourcemap: watch,
  // The editor's watch task waits for what esbuild says about each build.
  logLevel: watch ? 'info' : 'warning',
  // ESM packages come first: their CommonJS twins (vscode-jsonrpc, yaml) cannot be tree-shaken.
  mainFields: ['module', 'main'],
  plugins: [compiledSchema, silentDebug],
};

/**
 * What the window needs of the core lies in a file of its own: Node compiles a file as a whole, and activation must not wait for
 * what only a view or a command needs.
 * @type {import('esbuild').Plugin}
 */
const coreApart = {
  name: 'core-apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/lazyCore$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './core.js', external: true } : undefined,
    );
  },
};

/**
 * A run keeps a copy of this one file and nothing beside it: a part that is outside or loaded later would be missing.
 * @type {import('esbuild').Plugin}
 */
const alone = {
  name: 'alone',
  setup({ initialOptions, onEnd }) {
    initialOptions.metafile = true;
    onEnd(({ metafile }) => {
      const outputs = Object.entries(metafile?.outputs ?? {}).filter(([name]) => !name.endsWith('.map'));
      const outside = outputs
        .flatMap(([, { imports }]) => imports.map(({ path: name }) => name))
        .filter((name) => !builtinModules.includes(name.replace(/^node:/, '')));
      if (outputs.length === 1 && outside.length === 0) return {};
      const text = `The supervisor must be one file: ${outputs.length} files, outside: ${outside.join(', ')}`;
      return { errors: [{ text }] };
    });
  },
};

/** `vscode` stays outside of the extension only: anything else that imports it fails to build. */
const bundles = [
  {
    ...common,
    entryPoints: ['src/extension/extension.ts'],
    outfile: 'dist/extension.js',
    external: ['vscode'],
    plugins: [coreApart, silentDebug],
    // Becomes a deferred `require`, as editors load extensions.
    supported: { 'dynamic-import': false },
  },
  { ...common, entryPoints: ['src/extension/bridge/lazyCore.ts'], outfile: 'dist/core.js' },
  {
    ...common,
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/ssw.js',
    banner: { js: '#!/usr/bin/env node' },
  },
  {
    ...common,
    entryPoints: ['src/supervisor/main.ts'],
    outfile: 'dist/supervisor.js',
    plugins: [compiledSchema, silentDebug, alone],
  },
  { ...common, entryPoints: ['src/inspector/main.ts'], outfile: 'dist/inspector.js' },
];

if (watch) {
  for (const bundle of bundles) await (await context(bundle)).watch();
} else {
  rmSync(path.join(root, 'dist'), { recursive: true, force: true });
  await Promise.all(bundles.map((bundle) => build(bundle)));
  runToEnd(process.execPath, [path.join(root, 'scripts/build-engine.mjs')]);
}
