import { utf8 } from '../src/core/base/bytes';
import { KeyNames } from '../src/core/keyspace/names/keyNames';
import { plainGrouping } from '../src/core/keyspace/tree/keyGrammar';
import type { KeyFolder } from '../src/core/keyspace/tree/keyRow';
import { rowsOf } from '../src/core/keyspace/tree/rowsOf';

const count = Number(process.argv[2]);
const perPage = 1000;
const root: KeyFolder = { kind: 'root' };
const flat: KeyFolder = { kind: 'prefix', prefix: utf8('flat_temperature_of') };

/** A keyspace in the order of a hash table: half of it in groups of groups, half of it flat. */
function nameOf(number: number): string {
  const mixed = (number * 1_234_567_891) % count;
  const digits = String(mixed).padStart(7, '0');
  return mixed % 2 === 0
    ? `exp_${digits.slice(5)}.model_00${digits.slice(3, 5)}.step_000${digits.slice(0, 3)}.u1.1f4`
    : `flat_temperature_of_the_ocean_${digits}`;
}

function held(): number {
  (globalThis as { gc?: () => void }).gc?.();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}

function timed(work: () => unknown): number {
  const begin = performance.now();
  work();
  return performance.now() - begin;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

function rows(names: KeyNames, folder: KeyFolder): number {
  return timed(() => rowsOf(names, folder, { from: 0, most: 200 }, plainGrouping));
}

const before = held();
const names = new KeyNames();
let raw = 0;
let addMs = 0;
let longestAddMs = 0;
let peak = 0;
let tidyMs = 0;
let longestSliceMs = 0;
const openRootMs: number[] = [];
const openFlatMs: number[] = [];
for (let number = 0; number < count;) {
  // As a page of SCAN comes: one stretch of bytes.
  const page = Array.from({ length: Math.min(perPage, count - number) }, () => nameOf(number++));
  const bytes = utf8(page.join(''));
  raw += bytes.length;
  let at = 0;
  const ms = timed(() => {
    for (const name of page) names.add(bytes, at, (at += name.length));
  });
  addMs += ms;
  longestAddMs = Math.max(longestAddMs, ms);
  const slice = timed(() => names.tidySome(4));
  tidyMs += slice;
  longestSliceMs = Math.max(longestSliceMs, slice);
  if (number % 500_000 === 0) {
    openRootMs.push(rows(names, root));
    openFlatMs.push(rows(names, flat));
    peak = Math.max(peak, held() - before);
  }
}
let settled = false;
const settleMs = timed(() => {
  for (let slice = 0; !settled; slice++) {
    longestSliceMs = Math.max(
      longestSliceMs,
      timed(() => (settled = names.settleSome(4))),
    );
  }
});
// What the merge holds at its end: the old orders and the new one.
peak = Math.max(peak, held() - before + 5 * count);
const ratio = (held() - before) / raw;
const rootMs = rows(names, root);
const flatMs = rows(names, flat);
const removed = Array.from({ length: 100_000 }, (_, number) => utf8(nameOf(number * 7)));
const removeMs = timed(() => names.remove(removed));
console.log(
  JSON.stringify({
    nameBytes: raw / count,
    addMicroseconds: (1000 * addMs) / count,
    tidyMicroseconds: (1000 * tidyMs) / count,
    bothMicroseconds: (1000 * (addMs + tidyMs)) / count,
    longestAddMs,
    settleMs,
    longestSliceMs,
    settledRatio: ratio,
    peakRatio: peak / raw,
    firstOpenRootMs: openRootMs[0],
    openRootMs: median(openRootMs.slice(1)),
    openFlatMs: median(openFlatMs.slice(1)),
    rootMs,
    flatMs,
    removeMicroseconds: (1000 * removeMs) / removed.length,
    left: names.count,
  }),
);
