// What all measurements share: medians, spread, goals, the table and the report on disk.
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const outDirectory = path.join(root, 'out/bench');

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Largest over smallest: 1 is a machine at rest, above 2 nothing can be concluded. */
export function spread(values) {
  return Math.max(...values) / Math.min(...values);
}

export function summarise(values) {
  return {
    median: median(values),
    min: Math.min(...values),
    max: Math.max(...values),
    spread: spread(values),
    rounds: values.length,
    values,
  };
}

/**
 * Runs the contestants in turn, A B C A B C …, so that a change of the machine's mood meets all of them.
 * The first turn warms caches and is not counted.
 * @param {Record<string, () => Promise<Record<string, number>>>} contestants each gives named figures
 * @returns {Promise<Record<string, number[]>>}
 */
export async function interleave(rounds, contestants) {
  const figures = {};
  for (let round = 0; round <= rounds; round++) {
    for (const contest of Object.values(contestants)) {
      for (const [name, value] of Object.entries(await contest())) {
        if (round > 0) (figures[name] ??= []).push(value);
      }
    }
  }
  return figures;
}

/** Measures again when the reference was too unsteady to compare with; the last try is reported as it is. */
export async function untilSteady(reference, measure, tries = 3) {
  for (let attempt = 1; ; attempt++) {
    const figures = await measure();
    const unsteady = spread(figures[reference]);
    if (unsteady <= 2 || attempt === tries) return { figures, attempts: attempt, steady: unsteady <= 2 };
    console.error(`The reference varied by a factor of ${unsteady.toFixed(1)}: measuring again.`);
  }
}

/** @typedef {{what: string, measured: string, goal?: string, met?: boolean}} Row */

/** Prints the rows as a table and keeps them, with the figures behind them, as `out/bench/<name>.json`. */
export function report(name, title, rows, details) {
  const load = os.loadavg();
  const cells = rows.map(({ what, measured, goal = '', met }) => [
    what,
    measured,
    goal,
    met === undefined ? '' : met ? 'met' : 'MISSED',
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column].length)));
  console.log(`\n${title}`);
  for (const row of cells)
    console.log(
      `  ${row
        .map((cell, at) => cell.padEnd(widths[at]))
        .join('   ')
        .trimEnd()}`,
    );
  console.log(
    `  load average ${load.map((value) => value.toFixed(2)).join(' ')}, ${os.cpus().length} processors, Node ${process.version}`,
  );
  mkdirSync(outDirectory, { recursive: true });
  writeFileSync(
    path.join(outDirectory, `${name}.json`),
    `${JSON.stringify({ title, at: new Date().toISOString(), load, processors: os.cpus().length, node: process.version, rows, ...details }, undefined, 2)}\n`,
  );
}

/** `12.3 ms (11.0 to 15.2)` */
export function shown(summary, unit = 'ms', digits = 1) {
  return `${summary.median.toFixed(digits)} ${unit} (${summary.min.toFixed(digits)} to ${summary.max.toFixed(digits)})`;
}
