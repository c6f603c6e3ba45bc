// `npm start -- --demo`: the main job without a window. Launches a copy of the quickstart through the command line, shows
// its output while it runs, proves that data flowed from the one model to the other, shows what the database holds, and
// stops everything.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { Redis } from 'ioredis';
import { leftovers } from '../test/oracle/leftovers.mjs';
import { root } from './checkout.mjs';
import { copyWorkspace } from './workspaceCopy.mjs';

/**
 * @typedef {{ name: string, status: string, returnCode?: number }} Model
 * @typedef {{ orchestrators: [{ ssdb: string }], models: Model[] }} Run
 * @typedef {{ ok: boolean, says: string }} Finding
 */

const experiment = 'heat.smartsim.yaml';

/**
 * Runs the demo. Ctrl-C stops what it started.
 * @returns {Promise<boolean>} whether everything was as it should be
 */
export async function runDemo() {
  const temporary = mkdtempSync(path.join(os.tmpdir(), 'workbench-demo-'));
  const folder = path.join(temporary, 'quickstart');
  copyWorkspace(path.join(root, 'examples/quickstart'), folder);
  // A state of its own: the run is none of the user's.
  const ssw = new CommandLine(folder, { ...process.env, XDG_STATE_HOME: path.join(temporary, 'state') });
  // The terminal tells our children of Ctrl-C as well: the one that runs ends, and we go on to the end below.
  const interruption = new AbortController();
  process.once('SIGINT', () => interruption.abort());
  try {
    return await launchAndExamine(ssw, interruption.signal);
  } finally {
    title('Stop');
    await ssw.show('down', experiment);
    reportLeftovers(temporary);
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * @param {CommandLine} ssw
 * @param {AbortSignal} interrupted
 */
async function launchAndExamine(ssw, interrupted) {
  title('Launch');
  if ((await ssw.show('up', '--detach', experiment)) !== 0) return false;
  title('What the consumer prints while it follows the simulation');
  await ssw.show('logs', 'consumer', '--follow');
  if (interrupted.aborted) return false;
  title('What the simulation printed last');
  console.log((await ssw.read('logs', 'simulation')).trimEnd().split('\n').slice(-3).join('\n'));
  title('How they are now');
  await ssw.show('status', experiment);

  const status = /** @type {{ runs: [Run] }} */ (JSON.parse(await ssw.read('status', experiment, '--json')));
  const [run] = status.runs;
  const printed = await ssw.read('logs', 'consumer');
  const [host = '', port] = run.orchestrators[0].ssdb.split(':');
  const redis = new Redis({ host, port: Number(port), maxRetriesPerRequest: 1 });
  try {
    title('What the database holds');
    const keys = await listKeys(redis);
    await showKeys(redis, keys);
    title('Findings');
    const findings = [endOfModels(run), ...(await flowOfData(redis, keys, printed))];
    for (const { ok, says } of findings) console.log(`${ok ? 'yes' : 'NO '}  ${says}`);
    return findings.every(({ ok }) => ok);
  } finally {
    redis.disconnect();
  }
}

/** Runs `ssw` in a folder. */
class CommandLine {
  /**
   * @param {string} folder
   * @param {NodeJS.ProcessEnv} env
   */
  constructor(folder, env) {
    this.folder = folder;
    this.env = env;
  }

  /**
   * Shows what it prints; resolves with its exit code.
   * @param {...string} args
   * @returns {Promise<number | null>}
   */
  async show(...args) {
    const [code] = await once(this.start(args, 'inherit'), 'close');
    return code;
  }

  /**
   * Resolves with what it prints.
   * @param {...string} args
   */
  async read(...args) {
    const { stdout } = this.start(args, 'pipe');
    return stdout === null ? '' : text(stdout);
  }

  /**
   * @param {readonly string[]} args
   * @param {'inherit' | 'pipe'} stdout
   */
  start(args, stdout) {
    return spawn(process.execPath, [path.join(root, 'dist/ssw.js'), ...args], {
      cwd: this.folder,
      env: this.env,
      stdio: ['ignore', stdout, 'inherit'],
    });
  }
}

/** @param {Redis} redis */
async function listKeys(redis) {
  /** @type {string[]} */
  const keys = [];
  let cursor = '0';
  do {
    const [next, page] = await redis.scan(cursor, 'COUNT', 500);
    keys.push(...page);
    cursor = next;
  } while (cursor !== '0');
  return keys.sort();
}

/**
 * One line for each kind of key: those that differ only in their number are told together.
 * @param {Redis} redis
 * @param {readonly string[]} keys
 */
async function showKeys(redis, keys) {
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  for (const key of keys) {
    const pattern = key.replace(/\d+$/, '<step>');
    groups.set(pattern, [...(groups.get(pattern) ?? []), key]);
  }
  for (const [pattern, [key = '', ...others]] of groups) {
    const bytes = await redis.memory('USAGE', key);
    const count = others.length === 0 ? '' : `${others.length + 1} keys, each `;
    console.log(`${pattern.padEnd(30)} ${await redis.type(key)}, ${count}${bytes} bytes`);
  }
}

/**
 * @param {Run} run
 * @returns {Finding}
 */
function endOfModels({ models }) {
  const ends = models.map(({ name, status, returnCode }) => `${name} ${status} (${returnCode})`);
  return {
    ok: models.every(({ status, returnCode }) => status === 'Completed' && returnCode === 0),
    says: `both models completed: ${ends.join(', ')}`,
  };
}

/**
 * Whether what the consumer printed is what the simulation put into the database.
 * @param {Redis} redis
 * @param {readonly string[]} keys
 * @param {string} printed
 * @returns {Promise<Finding[]>}
 */
async function flowOfData(redis, keys, printed) {
  const lines = printed.split('\n').filter((line) => line.startsWith('step'));
  const fields = keys.filter((key) => key.startsWith('simulation.temperature_'));
  const lastLine = lines.at(-1) ?? '';
  const lastStep = /^step +(\d+)/.exec(lastLine)?.[1] ?? '';
  const shown = /max (\S+) +mean (\S+)/.exec(lastLine)?.slice(1) ?? [];
  const held = await maximumAndMean(redis, `simulation.temperature_${lastStep}`);
  const summary = await redis.hgetall('consumer.summary');
  return [
    {
      ok: fields.length > 0 && fields.length === lines.length,
      says: `the simulation published ${fields.length} fields, and the consumer printed ${lines.length}`,
    },
    {
      ok: shown.length > 0 && shown.join() === held.join(),
      says:
        `of step ${lastStep} the consumer printed maximum and mean ${shown.join(', ')}; ` +
        `the field in the database has ${held.join(', ')}`,
    },
    {
      ok: summary['state'] === 'finished' && summary['frames'] === String(fields.length),
      says: `the consumer's summary came back into the database: ${summary['state']}, ${summary['frames']} frames`,
    },
  ];
}

/**
 * As the consumer prints them, computed here from the bytes.
 * @param {Redis} redis
 * @param {string} key
 */
async function maximumAndMean(redis, key) {
  const bytes = await redis.callBuffer('AI.TENSORGET', key, 'BLOB');
  if (!Buffer.isBuffer(bytes)) return [];
  const values = Array.from({ length: bytes.length / 8 }, (_, index) => bytes.readDoubleLE(index * 8));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [Math.max(...values).toFixed(4), mean.toFixed(5)];
}

/** @param {string} folder */
function reportLeftovers(folder) {
  if (process.platform !== 'linux') return;
  const { processes } = leftovers({ below: [folder] });
  if (processes.length === 0) console.log('No process of it is left.');
  else process.exitCode = 1;
  for (const { pid, argv } of processes) console.log(`Left running: ${pid} ${argv.join(' ')}`);
}

/** @param {string} words */
function title(words) {
  console.log(`\n--- ${words}`);
}
