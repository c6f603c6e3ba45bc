// `npm test`: every check there is, one stage after the other, whatever becomes of the earlier ones.
// Closes with one line over everything: `N passed, N failed`. A skipped test, a stage that crashes, reports nothing or exceeds its
// limit, and a component of the system that is missing, all count as failures.
// `node scripts/test.mjs core ui` runs only the stages named.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root } from './checkout.mjs';
import { endProcessGroup } from './childProcesses.mjs';
import { otherServers } from './databaseServers.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { allComponents, installMissing, missingOf, remedyFor } from './systemComponents.mjs';
import { countsFrom } from './testCounts.mjs';

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {readonly string[]} argv for our own Node
 * @property {'one' | 'report'} counts whether its end is one check, or it reports its tests
 * @property {number} minutes its limit
 * @property {readonly import('./systemComponents.mjs').Component[]} [needs]
 * @property {Record<string, string>} [env]
 *
 * @typedef {{ passed: number, failed: number, told: readonly string[] }} Outcome
 */

const bin = (/** @type {string} */ file) => path.join(root, 'node_modules', file);
const script = (/** @type {string} */ file) => path.join(root, 'scripts', file);

/** @type {readonly Stage[]} */
const checks = [
  // Comes first and always: later stages run what it makes.
  { name: 'build', argv: [script('build.mjs')], counts: 'one', minutes: 2 },
  { name: 'types', argv: [bin('typescript/bin/tsc'), '--build'], counts: 'one', minutes: 5 },
  {
    name: 'style',
    argv: [bin('eslint/bin/eslint.js'), '--max-warnings', '0', '.'],
    counts: 'one',
    minutes: 5,
  },
  { name: 'format', argv: [bin('prettier/bin/prettier.cjs'), '--check', '.'], counts: 'one', minutes: 2 },
];

/** Folders of `test` that take more than plain Node. */
const editorFolders = ['host', 'ui'];
/** Folders of `test` that hold no tests of their own. */
const otherFolders = ['fixtures', 'support', 'oracle'];

/**
 * What single folders need besides a server and the engine.
 * @type {Readonly<Record<string, readonly import('./systemComponents.mjs').Component[]>>}
 */
const needsOf = Object.fromEntries(
  ['engine', 'integration', 'smartredis'].map((name) => [name, ['smartredis-python']]),
);

/** @type {readonly Stage[]} */
const nodeSuites = readdirSync(path.join(root, 'test'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && ![...editorFolders, ...otherFolders].includes(entry.name))
  .map(({ name }) => ({
    name,
    argv: [script('test-node.mjs'), name],
    counts: 'report',
    minutes: 30,
    needs: ['redis-server', 'compiler', ...(needsOf[name] ?? [])],
  }));

/**
 * The engine's tests again, in servers of other kinds and versions.
 * @type {readonly Stage[]}
 */
const otherServerSuites = otherServers.map((server) => ({
  name: `engine-${server}`,
  argv: [script('test-node.mjs'), 'engine'],
  env: { ENGINE_SERVER: server },
  counts: 'report',
  minutes: 5,
  needs: ['smartredis-python', 'compiler'],
}));

/** @type {readonly import('./systemComponents.mjs').Component[]} */
const editorNeeds = ['chromium', 'redis-server', 'compiler', 'python'];

/** @type {readonly Stage[]} */
const editorSuites = [
  ...['current', 'oldest'].map(
    (host) =>
      /** @type {Stage} */ ({
        name: `host-${host}`,
        argv: [script('test-host.mjs')],
        env: { HOST: host },
        counts: 'report',
        minutes: 15,
        needs: editorNeeds,
      }),
  ),
  {
    name: 'demo',
    argv: [script('start.mjs'), '--demo'],
    counts: 'one',
    minutes: 5,
    needs: ['redis-server', 'compiler'],
  },
  { name: 'ui', argv: [script('test-ui.mjs')], counts: 'report', minutes: 20, needs: editorNeeds },
];

const reports = path.join(root, 'out/reports');

ensureDependencies();
if (process.env['CI'] === 'true') installMissing(allComponents);
const wanted = process.argv.slice(2);
const stages = [...checks, ...nodeSuites, ...otherServerSuites, ...editorSuites].filter(
  ({ name }) => wanted.length === 0 || name === 'build' || wanted.includes(name),
);
if (!wanted.every((name) => stages.some((stage) => stage.name === name)))
  throw new Error(`Not all of these are stages: ${wanted.join(', ')}.`);
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

/** @type {string[]} */
const table = [];
/** @type {string[]} */
const failures = [];
const total = { passed: 0, failed: 0 };
for (const stage of stages) {
  console.log(`\n=== ${stage.name}`);
  const started = performance.now();
  const { passed, failed, told } = await outcomeOf(stage);
  const seconds = Math.round((performance.now() - started) / 1000);
  table.push(`${stage.name.padEnd(14)} ${passed} passed, ${failed} failed (${seconds} s)`);
  total.passed += passed;
  total.failed += failed;
  failures.push(...told.map((text) => `${stage.name}: ${text}`));
}
// Once more where everybody looks: the output above is thousands of lines.
if (failures.length > 0) console.log(`\n=== what failed\n${failures.join('\n\n')}`);
console.log(`\n=== all stages\n${table.join('\n')}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);

/**
 * @param {Stage} stage
 * @returns {Promise<Outcome>}
 */
async function outcomeOf(stage) {
  const missing = missingOf(stage.needs ?? []);
  if (missing.length > 0) {
    console.error(remedyFor(missing));
    return { passed: 0, failed: 1, told: [remedyFor(missing)] };
  }
  const report = path.join(reports, `${stage.name}.json`);
  const endedWell = await runStage(stage, report);
  if (stage.counts === 'one')
    return endedWell
      ? { passed: 1, failed: 0, told: [] }
      : { passed: 0, failed: 1, told: ['It ended badly.'] };
  const { passed, failed, skipped, told } = countsFrom(report, endedWell);
  return { passed, failed: failed + skipped, told };
}

/**
 * Runs a stage with our own output; resolves with whether it ended with 0 within its limit.
 * @param {Stage} stage
 * @param {string} report
 */
async function runStage(stage, report) {
  const child = spawn(process.execPath, [...stage.argv], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    // A group of its own, so that a stage is ended with everything that it started.
    detached: true,
    env: { ...process.env, ...stage.env, TEST_REPORT: report },
  });
  const limit = setTimeout(() => {
    console.error(`The stage exceeded its limit of ${stage.minutes} minutes.`);
    void endProcessGroup(child);
  }, stage.minutes * 60_000);
  const interrupted = () => void endProcessGroup(child).then(() => process.exit(130));
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  const [status] = await once(child, 'exit');
  process.removeListener('SIGINT', interrupted);
  process.removeListener('SIGTERM', interrupted);
  clearTimeout(limit);
  return status === 0;
}
