// Bundling test files, running them with mocha in plain Node, and the counts that every runner hands on.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './checkout.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

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
    // mocha must exist once; the linter and the browser driver are no part of what is tested but tools that tests call.
    external: ['vscode', 'mocha', 'eslint', 'playwright-core'],
    mainFields: ['module', 'main'],
    logLevel: 'warning',
    // The checkout's own scripts ask for their address only where WORKBENCH_ROOT does not tell.
    logOverride: { 'empty-import-meta': 'silent' },
  });
}

/**
 * Runs bundled tests. TEST_GREP filters by title.
 * @param {string} out folder of the bundles
 * @param {{ testMs: number, limitMs: number, env?: Record<string, string> }} options time limits of one test and of the whole run
 * @returns {Counts}
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

/**
 * What a run reported. A run that ended badly without a failed test, or reported nothing, counts as one failure.
 * @param {string} report
 * @param {boolean} endedWell
 * @returns {Counts}
 */
export function countsFrom(report, endedWell) {
  /** @type {Counts} */
  let counts;
  try {
    counts = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    console.error('The tests ended without a report.');
    return { passed: 0, failed: 1, skipped: 0 };
  }
  if (counts.passed + counts.failed === 0) console.error('No test ran.');
  const unexplained = counts.failed === 0 && (!endedWell || counts.passed === 0);
  return { ...counts, failed: counts.failed + (unexplained ? 1 : 0) };
}

/**
 * Ends a runner: prints the line `N passed, N failed` (a skipped test is a failed one), leaves the counts where
 * TEST_REPORT says, and exits.
 * @param {Counts} counts
 * @returns {never}
 */
export function finish({ passed, failed, skipped }) {
  const report = process.env['TEST_REPORT'];
  if (report) writeFileSync(report, JSON.stringify({ passed, failed, skipped }));
  console.log(`${passed} passed, ${failed + skipped} failed`);
  process.exit(failed + skipped === 0 ? 0 : 1);
}
