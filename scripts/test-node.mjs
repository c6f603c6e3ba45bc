// Bundles the test files below the given folders of `test` and runs them with mocha in plain Node:
//   node scripts/test-node.mjs core cli
// TEST_GREP filters by title. Prints mocha's own report, then the line `N passed, N failed`.
import { readdirSync, rmSync, readFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { compiledSchema } from './compiledSchema.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const folders = process.argv.slice(2);
const out = path.join(root, 'out/test', folders.join('+'));

const entryPoints = folders.flatMap((folder) =>
  readdirSync(path.join(root, 'test', folder), { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => path.join('test', folder, name)),
);
if (entryPoints.length === 0) throw new Error(`No *.test.ts below test/{${folders.join(',')}}.`);

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints,
  outdir: out,
  outbase: 'test',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.9',
  sourcemap: 'inline',
  // mocha must exist once; the linter is no part of what is tested but a tool that tests call.
  external: ['mocha', 'eslint'],
  mainFields: ['module', 'main'],
  plugins: [compiledSchema],
  logLevel: 'warning',
});

const report = path.join(out, 'report.json');
const run = spawnSync(
  process.execPath,
  [
    '--enable-source-maps',
    path.join(root, 'node_modules/mocha/bin/mocha.js'),
    '--reporter',
    path.join(root, 'scripts/specWithReport.cjs'),
    '--reporter-option',
    `report=${report}`,
    '--timeout',
    process.env.TEST_TIMEOUT ?? '20000',
    // A suite that leaves a timer or a socket behind hangs here, and is found.
    ...(process.env.TEST_GREP ? ['--grep', process.env.TEST_GREP] : []),
    '--recursive',
    path.join(out, '**/*.test.js'),
  ],
  {
    cwd: root,
    stdio: 'inherit',
    timeout: Number(process.env.TEST_LIMIT ?? 900_000),
    env: { ...process.env, WORKBENCH_ROOT: root },
  },
);

const counts = JSON.parse(readFileSync(report, 'utf8'));
const failed = counts.failed + counts.skipped + (run.status === 0 || counts.failed > 0 ? 0 : 1);
console.log(`${counts.passed} passed, ${failed} failed`);
process.exit(failed === 0 && counts.passed > 0 ? 0 : 1);
