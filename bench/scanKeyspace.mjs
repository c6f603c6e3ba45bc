// Our own scan in a process of its own, bundled by keys.mjs: `node scanKeyspace.cjs WHAT TIMES PORT...` prints figures as JSON.
import { parentPort, Worker, isMainThread, workerData } from 'node:worker_threads';
import { Database } from '../src/core/database/database';
import { KeyNames } from '../src/core/keyspace/names/keyNames';
import { KeyspaceScan } from '../src/core/keyspace/scan/keyspaceScan';
import { plainGrouping } from '../src/core/keyspace/tree/keyGrammar';
import { rowsOf } from '../src/core/keyspace/tree/rowsOf';
import { readDetails } from '../src/core/value/details/readDetails';

const pageLength = 500;
const pagesAtOnce = 2;
const root = { kind: 'root' };
const firstPage = { from: 0, most: 200 };

const [what, times, ...ports] = isMainThread ? process.argv.slice(2) : workerData;

async function opened() {
  const endpoints = ports.map((port) => ({ kind: 'tcp', host: '127.0.0.1', port: Number(port) }));
  const database = await Database.open(
    { id: 'bench', name: 'bench', endpoints, own: false },
    { limitMs: 60_000 },
  );
  if (!database.ok) throw new Error(JSON.stringify(database.problems));
  return database.value;
}

async function scanned(database, pace) {
  const names = new KeyNames();
  const { state } = await new KeyspaceScan(database, names, { pace }).run();
  if (state !== 'complete') throw new Error(`The scan is ${state}.`);
  return names;
}

async function withDetails(database) {
  const names = await scanned(database, 'full');
  names.settle();
  let told = 0;
  // The server has the next page while what one says is read.
  const pages = [];
  for (let from = 0; from < names.count; from += pageLength) {
    const length = Math.min(pageLength, names.count - from);
    pages.push(
      readDetails(
        database,
        Array.from({ length }, (_, index) => names.nameAt(from + index)),
      ),
    );
    if (pages.length < pagesAtOnce) continue;
    told += (await pages.shift()).length;
  }
  for (const page of pages) told += (await page).length;
  return told;
}

const measurements = {
  /** All names, `times` times over, of which the last half is measured. */
  async names() {
    const database = await opened();
    let begun = 0;
    let names;
    for (let time = 0; time < Number(times); time++) {
      if (time === Number(times) >> 1) begun = performance.now();
      names = await scanned(database, 'full');
    }
    const seconds = (performance.now() - begun) / 1e3;
    const before = performance.now();
    names.settle();
    database.dispose();
    return { seconds, names: names.count, settleMs: performance.now() - before };
  },
  /** Names, then what the keys hold: `times` times over, of which the last half is measured. */
  async details() {
    const database = await opened();
    let begun = performance.now();
    let names;
    for (let time = 0; time < Number(times); time++) {
      if (time === Number(times) >> 1) begun = performance.now();
      names = await withDetails(database);
    }
    const seconds = (performance.now() - begun) / 1e3;
    database.dispose();
    return { seconds, names };
  },
  /** From the beginning of a scan to its first 200 rows, and the same rows when all names are known. */
  async rows() {
    const database = await opened();
    const found = {};
    for (let time = 0; time < Number(times); time++) {
      const names = new KeyNames();
      const scan = new KeyspaceScan(database, names, { pace: 'kind' });
      const work = performance.eventLoopUtilization();
      const begun = performance.now();
      await new Promise((resolve) => {
        scan.onDidProgress(({ shards, state }) => {
          const seen = shards.reduce((sum, shard) => sum + shard.seen, 0);
          if (seen >= firstPage.most || state === 'complete') resolve();
        });
        void scan.run();
      });
      const { rows } = rowsOf(names, root, firstPage, plainGrouping);
      const { active } = performance.eventLoopUtilization(work);
      scan.dispose();
      found.firstRows = rows.length;
      found.firstWorkMs = active;
      found.firstMs = performance.now() - begun;
    }
    const names = await scanned(database, 'full');
    names.settle();
    for (let time = 0; time < 20; time++) {
      const begun = performance.now();
      found.allRows = rowsOf(names, root, firstPage, plainGrouping).rows.length;
      found.allMs = performance.now() - begun;
    }
    database.dispose();
    return { ...found, names: names.count, bytesPerName: names.bytes / names.count };
  },
  /** Scans again and again until its standard input ends. */
  async kind() {
    const database = await opened();
    let ended = false;
    process.stdin.on('end', () => (ended = true)).resume();
    console.error('scanning');
    let names = 0;
    const sink = { add: () => (names += 1) };
    while (!ended) {
      const scan = new KeyspaceScan(database, sink, { pace: 'kind' });
      process.stdin.once('end', () => scan.dispose());
      await scan.run();
    }
    database.dispose();
    return { names };
  },
  /** How long the main thread is kept from its work at most while a thread scans, beside what an idle process sees. */
  async stalls() {
    const worker =
      times === 'idle' ? undefined : new Worker(__filename, { workerData: ['names', 2, ...ports] });
    const ended =
      worker === undefined ? undefined : new Promise((resolve) => worker.once('message', resolve));
    let longest = 0;
    let last = performance.now();
    const beat = setInterval(() => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
    }, 1);
    if (ended === undefined) await new Promise((resolve) => process.stdin.on('end', resolve).resume());
    else await ended;
    clearInterval(beat);
    await worker?.terminate();
    return { longest };
  },
};

measurements[what]().then((figures) => {
  if (isMainThread) console.log(JSON.stringify(figures));
  else parentPort.postMessage(figures);
});
