// Scanning keys beside a C program and beside the usual client, and what others notice of it.
// KEYS_SIZES=10000,1000000,5000000 measures five million keys as well.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { installMissing, missingOf, remedyFor } from '../scripts/systemComponents.mjs';
import { withKeys } from './filledServers.mjs';
import { interleave, outDirectory, report, root, shown, spread, summarise } from './measure.mjs';

const sizes = (process.env['KEYS_SIZES'] ?? '10000,1000000').split(',').map(Number);
const rounds = 5;

if (process.env['CI'] === 'true') installMissing(['hiredis']);
const missing = missingOf(['hiredis']);
if (missing.length > 0) throw new Error(remedyFor(missing));

mkdirSync(outDirectory, { recursive: true });
const scanNames = compiled('scanNames', ['-lhiredis']);
const commandRate = compiled('commandRate', []);
const ours = path.join(outDirectory, 'scanKeyspace.cjs');
await build({
  ...{ entryPoints: [path.join(root, 'bench/scanKeyspace.mjs')], outfile: ours, bundle: true, minify: true },
  ...{ platform: 'node', format: 'cjs', target: 'node20.9', logLevel: 'warning' },
});
const usual = path.join(root, 'bench/scanByIoredis.mjs');

const rows = [];
const figures = {};
for (const shards of [1, 3]) {
  for (const keys of sizes) {
    await withKeys(shards, keys, async (ports) => {
      const name = `${keys} keys, ${shards} shard${shards === 1 ? '' : 's'}`;
      await measureNames(name, keys, ports);
      if (shards === 1) {
        await measureDetails(name, keys, ports);
        await measureRows(name, ports);
        if (keys >= 100_000) {
          await measureNeighbour(name, ports);
          await measureStalls(name, ports);
        }
      }
    });
  }
}
report('keys', `Scanning keys (${rounds} rounds, interleaved; ratios round by round)`, rows, { figures });

/** All names at full speed. Short scans are repeated in one process, and the first half of them is not counted. */
async function measureNames(name, keys, ports) {
  const times = Math.max(2, Math.round(2_000_000 / keys / 4));
  const seconds = (what, found) => {
    if (found.names !== keys) throw new Error(`${what} has found ${found.names} of ${keys} keys.`);
    return { [what]: (found.seconds / (times - (times >> 1))) * 1e3 };
  };
  const found = await interleave(rounds, {
    c: () =>
      seconds('c', wordsOf(execFileSync(scanNames, [times, ...ports].map(String), { encoding: 'utf8' }))),
    ours: () => seconds('ours', node(ours, 'names', times, ...ports)),
    usual: () => seconds('usual', node(usual, 'names', times, ...ports)),
  });
  figures[`${name}: names`] = found;
  const overC = ratio(found.ours, found.c);
  rows.push({
    what: `${name}: all names, at full speed / C loop with hiredis`,
    measured: `${shown(overC, 'x', 2)}; ${shown(summarise(found.ours))}, C ${shown(summarise(found.c))}${unsteady(found.c)}`,
    goal: 'at most 1.10',
    met: overC.median <= 1.1,
  });
  const overUsual = ratio(found.usual, found.ours);
  rows.push({
    what: `${name}: the same, ioredis / at full speed`,
    measured: `${shown(overUsual, 'x', 2)}; ioredis ${shown(summarise(found.usual))}`,
    goal: 'at least 1.4',
    met: overUsual.median >= 1.4,
  });
}

async function measureDetails(name, keys, ports) {
  // A reference that takes a minute tells no more than one of ten seconds.
  if (keys > 1_000_000) return;
  const times = Math.max(1, Math.round(200_000 / keys));
  const seconds = (what, found) => ({ [what]: (found.seconds / (times - (times >> 1))) * 1e3 });
  const found = await interleave(keys > 100_000 ? 2 : rounds, {
    ours: () => seconds('ours', node(ours, 'details', times, ...ports)),
    usual: () => seconds('usual', node(usual, 'details', times, ...ports)),
  });
  figures[`${name}: details`] = found;
  const over = ratio(found.usual, found.ours);
  rows.push({
    what: `${name}: with kinds and sizes, ioredis pipelines / ours`,
    measured: `${shown(over, 'x', 2)}; ${shown(summarise(found.ours), 'ms', 0)}, ioredis ${shown(summarise(found.usual), 'ms', 0)}`,
    goal: 'at least 3',
    met: over.median >= 3,
  });
}

async function measureRows(name, ports) {
  const found = await interleave(rounds, { rows: () => node(ours, 'rows', 5, ...ports) });
  figures[`${name}: rows`] = found;
  const first = summarise(found.firstWorkMs);
  const all = summarise(found.allMs);
  rows.push({
    what: `${name}: the first 200 rows of a scan, and of all names`,
    measured: `${shown(first)} of work within ${shown(summarise(found.firstMs))}; ${shown(all)}; ${summarise(found.bytesPerName).median.toFixed(1)} bytes a name of 36`,
    goal: 'at most 15 ms',
    met: first.median <= 15 && all.median <= 15,
  });
}

/** What a client that sets keys keeps of its rate. */
async function measureNeighbour(name, ports) {
  const [port] = ports;
  const commands = 60_000;
  const rate = () =>
    commands /
    wordsOf(
      execFileSync(commandRate, [port, 1, commands, 'SET', 'neighbour', '@64'].map(String), {
        encoding: 'utf8',
      }),
    ).seconds;
  const found = await interleave(rounds, {
    alone: () => ({ alone: rate() }),
    beside: async () => {
      const scan = spawn(process.execPath, [ours, 'kind', '1', ...ports.map(String)], {
        stdio: ['pipe', 'ignore', 'pipe'],
      });
      const gone = once(scan, 'exit');
      await once(scan.stderr, 'data');
      const beside = rate();
      scan.stdin.end();
      await gone;
      return { beside };
    },
  });
  figures[`${name}: neighbour`] = found;
  const kept = ratio(found.beside, found.alone);
  rows.push({
    what: `${name}: what a client that sets keys keeps of its rate, at the kind pace`,
    measured: `${shown(kept, 'x', 2)}; alone ${Math.round(summarise(found.alone).median)}/s${unsteady(found.alone)}`,
    goal: 'at least 0.9',
    met: kept.median >= 0.9,
  });
}

/** The longest time in which the thread of a window could do nothing, beside that of an idle process at the same time. */
async function measureStalls(name, ports) {
  const found = await interleave(rounds, {
    async stalls() {
      const twin = spawn(process.execPath, [ours, 'stalls', 'idle'], { stdio: ['pipe', 'pipe', 'inherit'] });
      let told = '';
      twin.stdout.on('data', (text) => (told += text));
      const gone = once(twin, 'close');
      const scan = spawn(process.execPath, [ours, 'stalls', 'busy', ...ports.map(String)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      scan.stdout.on('data', (text) => (said += text));
      await once(scan, 'close');
      twin.stdin.end();
      await gone;
      const [busy, idle] = [said, told].map((text) => JSON.parse(text).longest);
      return { busy, idle, above: busy - idle };
    },
  });
  figures[`${name}: stalls`] = found;
  const above = summarise(found.above);
  rows.push({
    what: `${name}: longest stall of the main thread while another one scans, above an idle twin`,
    measured: `${shown(above)}; ${shown(summarise(found.busy))}, twin ${shown(summarise(found.idle))}`,
    goal: 'at most 16 ms',
    met: above.median <= 16,
  });
}

function ratio(above, below) {
  return summarise(above.map((value, round) => value / below[round]));
}

function unsteady(values) {
  return spread(values) > 2 ? ', unsteady' : '';
}

function node(program, ...words) {
  return JSON.parse(execFileSync(process.execPath, [program, ...words.map(String)], { encoding: 'utf8' }));
}

/** `seconds 1.5 names 7` */
function wordsOf(printed) {
  const words = printed.trim().split(' ');
  return Object.fromEntries(
    words.flatMap((word, at) => (at % 2 === 0 ? [[word, Number(words[at + 1])]] : [])),
  );
}

function compiled(name, libraries) {
  const program = path.join(outDirectory, name);
  execFileSync('cc', [
    ...['-std=c11', '-O2', '-Wall', '-Wextra', '-Werror', '-o', program],
    ...[path.join(root, `bench/ref/${name}.c`), ...libraries],
  ]);
  return program;
}
