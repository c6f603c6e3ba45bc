// What five million names cost: adding them, putting them into one order, memory, and the first rows of folders.
// In a process of its own for each round, so that the memory is that of one keyspace.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { interleave, outDirectory, report, root, shown, summarise } from './measure.mjs';

const rounds = 5;
const count = 5_000_000;
mkdirSync(outDirectory, { recursive: true });
const bundle = path.join(outDirectory, 'namesOnce.mjs');
await build({
  absWorkingDir: root,
  entryPoints: ['bench/namesOnce.ts'],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.9',
  logLevel: 'error',
});

const figures = await interleave(rounds, {
  names: () =>
    JSON.parse(execFileSync(process.execPath, ['--expose-gc', bundle, String(count)], { encoding: 'utf8' })),
});
const summaries = Object.fromEntries(
  Object.entries(figures).map(([name, values]) => [name, summarise(values)]),
);
const goal = (what, name, unit, digits, most) => ({
  what,
  measured: shown(summaries[name], unit, digits),
  ...(most === undefined ? {} : { goal: `at most ${most}`, met: summaries[name].median <= most }),
});
report(
  'names',
  `${count / 1e6} million names of ${summaries.nameBytes.median.toFixed(1)} bytes (${rounds} rounds, a process each)`,
  [
    goal('adding a name and sorting it among those of its batch', 'addMicroseconds', 'µs', 3, 0.5),
    goal('merging it meanwhile', 'tidyMicroseconds', 'µs', 3),
    goal('both', 'bothMicroseconds', 'µs', 3, 0.7),
    goal('longest page of 1000 names', 'longestAddMs', 'ms', 1, 16),
    goal('making one order of what is left', 'settleMs', 'ms', 0),
    goal('longest slice of 4 ms', 'longestSliceMs', 'ms', 1, 16),
    goal('memory behind it / raw bytes', 'settledRatio', 'x', 3, 1.25),
    goal('largest memory on the way / raw bytes', 'peakRatio', 'x', 3, 1.5),
    goal('first 200 rows while names come in: all groups', 'openRootMs', 'ms', 2, 15),
    goal('the same for the first time', 'firstOpenRootMs', 'ms', 2),
    goal('first 200 rows while names come in: a folder of many names', 'openFlatMs', 'ms', 2, 15),
    goal('first 200 rows: all groups', 'rootMs', 'ms', 2, 15),
    goal('first 200 rows: a folder of many names', 'flatMs', 'ms', 2, 15),
    goal('taking out one of 100,000 names', 'removeMicroseconds', 'µs', 2),
  ],
  { summaries },
);
