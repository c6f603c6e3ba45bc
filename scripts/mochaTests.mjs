// Bundling test files, and running them with mocha in plain Node.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './checkout.mjs';
import { compiledSchema } from './compiledSchema.mjs';
import { countsFrom } from './testCounts.mjs';

/**
 * The test files below `test/<folder>`, relative to the checkout.
 * @param {string} folder
 */
export function testFiles(folder) {
  return readdirSync(path.join(root, 'test', folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => path.join('test', folder, name))
    .sort();
}

/**
 * Bundles each entry point apart, as it lies below `test`, into an emptied folder.
 * @param {readonly string[]} entryPoints
 * @param {string} out
 */
export async function bundleTests(entryPoints, out) {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: [...entryPoints],
    outdir: out,
    outbase: 'test',
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.9',
    sourcemap: 'inline',
    // mocha must exist once; compiler, linter and browser driver are no part of what is tested but tools that tests call.
    external: ['vscode', 'mocha', 'eslint', 'typescript', 'playwright-core'],
    mainFields: ['module', 'main'],
    plugins: [compiledSchema],
    logLevel: 'warning',
    // The checkout's own scripts ask for their address only where WORKBENCH_ROOT does not tell.
    logOverride: { 'empty-import-meta': 'silent' },
  });
}

/**
 * Runs bundled tests. TEST_GREP filters by title.
 * @param {string} out folder of the bundles
 * @param {{ testMs: number, limitMs: number, env?: Record<string, string> }} options time limits of one test and of the whole run
 * @returns {import('./testCounts.mjs').Counts}
 */
export function runMocha(out, { testMs, limitMs, env = {} }) {
  const report = path.join(out, 'counts.json');
  const grep = process.env['TEST_GREP'];
  const { status } = spawnSync(
    process.execPath,
    [
      '--enable-source-maps',
      path.join(root, 'node_modules/mocha/bin/mocha.js'),
      ...['--reporter', path.join(root, 'scripts/specWithReport.cjs')],
      ...['--reporter-option', `report=${report}`],
      ...['--timeout', String(testMs)],
      ...(grep ? ['--grep', grep] : []),
      '--recursive',
      path.join(out, '**/*.test.js'),
    ],
    { cwd: root, stdio: 'inherit', timeout: limitMs, env: { ...process.env, WORKBENCH_ROOT: root, ...env } },
  );
  return countsFrom(report, status === 0);
}
