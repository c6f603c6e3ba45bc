// Setting and getting tensors beside plain SET and GET of the same bytes, and a slice of a large tensor beside GETRANGE.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { engineFile } from '../scripts/engine.mjs';
import { interleave, outDirectory, report, root, shown, spread, summarise } from './measure.mjs';

const rounds = 7;
const mebibyte = 1024 * 1024;

/** Commands of a round: enough for a third of a second and more. */
const sizes = [
  { bytes: 64, name: '64 B', commands: { 1: 10_000, 16: 60_000 } },
  { bytes: 4096, name: '4 KiB', commands: { 1: 10_000, 16: 60_000 } },
  { bytes: mebibyte, name: '1 MiB', commands: { 1: 400, 16: 800 } },
  { bytes: 64 * mebibyte, name: '64 MiB', commands: { 1: 8, 16: 32 } },
];
const side = 1024;

mkdirSync(outDirectory, { recursive: true });
const client = path.join(outDirectory, 'commandRate');
execFileSync('cc', [
  ...['-std=c11', '-O2', '-Wall', '-Wextra', '-Werror'],
  ...['-o', client, path.join(root, 'bench/ref/commandRate.c')],
]);

const directory = mkdtempSync(path.join(os.tmpdir(), 'ssw-bench-'));
const socket = path.join(directory, 'socket');
const port = 20_000 + (process.pid % 10_000);
const server = spawn(
  'redis-server',
  [
    ...['--port', String(port), '--unixsocket', socket, '--dir', directory, '--save', ''],
    ...['--proto-max-bulk-len', '2gb', '--client-query-buffer-limit', '3gb', '--loadmodule', engineFile],
  ],
  { stdio: 'ignore' },
);
try {
  await untilItAnswers();
  const figures = {};
  for (const { bytes, name, commands } of sizes) {
    for (const clients of [1, 16]) {
      const measure = (words) => rateOf(clients, commands[clients], words);
      const kinds = {
        set: ['SET', 's#', `@${bytes}`],
        tensorSet: ['AI.TENSORSET', 't#', 'UINT8', bytes, 'BLOB', `@${bytes}`],
        get: ['GET', 's#'],
        tensorGet: ['AI.TENSORGET', 't#', 'META', 'BLOB'],
      };
      const contest = Object.entries(kinds).map(([kind, words]) => [
        kind,
        () => {
          const { seconds, processor } = measure(words);
          return {
            [kind]: commands[clients] / seconds,
            [`${kind}.processor`]: processor / commands[clients],
          };
        },
      ]);
      figures[`${name}, ${clients}`] = await interleave(rounds, Object.fromEntries(contest));
      ask('FLUSHALL');
    }
  }
  const slices = await measureSlices();
  report(
    'tensor',
    `Tensors beside plain strings (${rounds} rounds, interleaved; commands a second, round by round)`,
    [...Object.entries(figures).flatMap(([name, of]) => rowsOf(name, of)), ...slices.rows],
    { figures, slices: slices.figures },
  );
} finally {
  const gone = once(server, 'exit');
  server.kill('SIGKILL');
  await gone;
  rmSync(directory, { recursive: true, force: true });
}

function rowsOf(name, of) {
  return [
    ['AI.TENSORSET / SET', 'set', 'tensorSet'],
    ['AI.TENSORGET META BLOB / GET', 'get', 'tensorGet'],
  ].map(([what, plainly, tensor]) => {
    const ratio = summarise(of[tensor].map((rate, round) => rate / of[plainly][round]));
    const processor = summarise(
      of[`${tensor}.processor`].map((used, round) => used / of[`${plainly}.processor`][round]),
    );
    const rate = Math.round(summarise(of[plainly]).median);
    return {
      what: `${name} client${name.endsWith(' 1') ? '' : 's'}: ${what}`,
      measured:
        `${shown(ratio, 'x', 2)}; processor time ${processor.median.toFixed(2)} x; plain ${rate}/s` +
        (spread(of[plainly]) > 2 ? ', unsteady' : ''),
      goal: 'at least 0.95',
      met: ratio.median >= 0.95,
    };
  });
}

/** A tensor of a gibibyte, and slices of a mebibyte of it. */
async function measureSlices() {
  const bytes = side * side * side;
  const shape = [side, side, side];
  rateOf(1, 1, ['SET', 's0', `@${bytes}`]);
  rateOf(1, 1, ['AI.TENSORSET', 't0', 'UINT8', ...shape, 'BLOB', `@${bytes}`]);
  const whole = [0, side, 1];
  const kinds = {
    getRange: ['GETRANGE', 's0', 500 * mebibyte, 501 * mebibyte - 1],
    range: ['TENSOR.RANGE', 't0', 500 * mebibyte, mebibyte],
    plane: ['TENSOR.SLICE', 't0', 500, 501, 1, ...whole, ...whole],
    rows: ['TENSOR.SLICE', 't0', 0, 64, 1, 0, 64, 1, 100, 356, 1],
    everyOther: ['TENSOR.SLICE', 't0', 0, 64, 2, 0, 128, 2, 0, side, 2],
  };
  const contest = Object.entries(kinds).map(([kind, words]) => [
    kind,
    () => ({ [kind]: (rateOf(1, 50, words).seconds / 50) * 1e3 }),
  ]);
  const figures = await interleave(rounds, Object.fromEntries(contest));
  const grown = {};
  for (const [kind, words] of Object.entries(kinds)) {
    grown[kind] = await memoryPeakOf(() => rateOf(1, 1, words));
  }
  const rows = [
    ['TENSOR.RANGE of 1 MiB out of 1 GiB / GETRANGE', 'range'],
    ['TENSOR.SLICE of 1 MiB in one piece / GETRANGE', 'plane'],
    ['TENSOR.SLICE of 1 MiB in 4096 pieces / GETRANGE', 'rows'],
    ['TENSOR.SLICE of 1 MiB, every other element each way / GETRANGE', 'everyOther'],
  ].map(([what, kind]) => {
    const ratio = summarise(figures[kind].map((ms, round) => ms / figures.getRange[round]));
    return {
      what,
      measured: `${shown(ratio, 'x', 2)}; memory + ${(grown[kind] / mebibyte).toFixed(2)} MiB (GETRANGE + ${(grown.getRange / mebibyte).toFixed(2)})`,
      goal: 'at most 3, below 2 MiB',
      met: ratio.median <= 3 && grown[kind] < 2 * mebibyte,
    };
  });
  return { rows, figures: { ...figures, grown } };
}

/** Seconds that so many commands took, and the server's processor time in microseconds. */
function rateOf(clients, commands, words) {
  const before = processorTime();
  const printed = execFileSync(client, [port, clients, commands, ...words].map(String), { encoding: 'utf8' });
  return { seconds: Number(printed.split(' ')[1]), processor: processorTime() - before };
}

/** What the server has used, in microseconds; fields 14 and 15 of its stat, in hundredths of a second. */
function processorTime() {
  const stat = readFileSync(`/proc/${server.pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** How far the server's resident memory grew at most: the kernel's own account, with nothing kept from before. */
async function memoryPeakOf(act) {
  const resident = (field) =>
    Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]) *
    1024;
  // Buffers of clients that have gone are given up by and by.
  await delay(500);
  ask('MEMORY', 'PURGE');
  const before = resident('VmRSS');
  writeFileSync(`/proc/${server.pid}/clear_refs`, '5');
  act();
  return Math.max(0, resident('VmHWM') - before);
}

function ask(...words) {
  return execFileSync('redis-cli', ['-s', socket, ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

async function untilItAnswers() {
  for (let tries = 0; tries < 500; tries++) {
    try {
      if (ask('PING').startsWith('PONG')) return;
    } catch {
      // It does not listen yet.
    }
    await delay(10);
  }
  throw new Error('The server did not start.');
}
