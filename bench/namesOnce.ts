import { utf8 } from '../src/core/base/bytes';
import { KeyNames } from '../src/core/keyspace/names/keyNames';
import { plainGrouping } from '../src/core/keyspace/tree/keyGrammar';
import type { KeyFolder } from '../src/core/keyspace/tree/keyRow';
import { rowsOf } from '../src/core/keyspace/tree/rowsOf';

const count = Number(process.argv[2]);
const perPage = 1000;
const root: KeyFolder = { kind: 'root' };

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

/** Milliseconds of the processor's time, collecting garbage on other threads included: other work beside it does not count. */
function timed(work: () => unknown): number {
  const begin = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1000;
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
let openRootMs = 0;
for (let number = 0; number < count;) {
  // As a page of SCAN comes: one stretch of bytes.
  const page = Array.from({ length: Math.min(perPage, count - number) }, () => nameOf(number++));
  const bytes = utf8(page.join(''));
  raw += bytes.length;
  let at = 0;
  const ms = timed(() => {
    for (const name of page) names.add(bytes, at, (at += name.length));
    names.tidySome(2);
  });
  addMs += ms;
  longestAddMs = Math.max(longestAddMs, ms);
  if (number % 500_000 === 0) {
    peak = Math.max(peak, held() - before);
    openRootMs = Math.max(openRootMs, rows(names, root));
  }
}
let longestSliceMs = 0;
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
peak = Math.max(peak, held() - before + 4 * count);
const ratio = (held() - before) / raw;
const rootMs = rows(names, root);
const flatMs = rows(names, { kind: 'prefix', prefix: utf8('flat_temperature_of') });
const removed = Array.from({ length: 100_000 }, (_, number) => utf8(nameOf(number * 7)));
const removeMs = timed(() => names.removeAll(removed));
console.log(
  JSON.stringify({
    nameBytes: raw / count,
    addMicroseconds: (1000 * addMs) / count,
    longestAddMs,
    settleMs,
    longestSliceMs,
    settledRatio: ratio,
    peakRatio: peak / raw,
    openRootMs,
    rootMs,
    flatMs,
    removeMicroseconds: (1000 * removeMs) / removed.length,
    left: names.count,
  }),
);
