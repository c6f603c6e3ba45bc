// Runs the tests below the given folders of `test` in plain Node: `node scripts/test-node.mjs core cli`.
// TEST_GREP filters by title. Prints mocha's own report, then the line `N passed, N failed`.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { root } from './checkout.mjs';
import { bundleTests, runMocha, testFiles } from './mochaTests.mjs';
import { nothingLeftBelow } from './nothingLeft.mjs';
import { finish, sum } from './testCounts.mjs';

const folders = process.argv.slice(2);
const files = folders.flatMap(testFiles);
if (files.length === 0) throw new Error(`No *.test.ts below test/{${folders.join(',')}}.`);

const out = path.join(root, 'out/test', folders.join('+'));
await bundleTests(files, out);
const temporary = mkdtempSync(path.join(os.tmpdir(), 'workbench-node-'));
// Tests let a second user look into folders of theirs.
chmodSync(temporary, 0o755);
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (interrupted = true));
// A suite that leaves a timer or a socket behind hangs until the limit, and is found.
const tested = runMocha(out, {
  testMs: Number(process.env['TEST_TIMEOUT'] ?? 60_000),
  limitMs: Number(process.env['TEST_LIMIT'] ?? 1_700_000),
  env: { TMPDIR: temporary },
});
// Signals are told between two turns, and none has passed while the tests ran.
await nextTurn();
const counts = sum(tested, await nothingLeftBelow(temporary, interrupted ? 0 : undefined));
rmSync(temporary, { recursive: true, force: true });
finish(counts);
