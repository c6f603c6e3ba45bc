// Runs the tests below the given folders of `test` in plain Node: `node scripts/test-node.mjs core cli`.
// TEST_GREP filters by title. Prints mocha's own report, then the line `N passed, N failed`.
import path from 'node:path';
import { root } from './checkout.mjs';
import { bundleTests, runMocha, testFiles } from './mochaTests.mjs';
import { finish } from './testCounts.mjs';

const folders = process.argv.slice(2);
const files = folders.flatMap(testFiles);
if (files.length === 0) throw new Error(`No *.test.ts below test/{${folders.join(',')}}.`);

const out = path.join(root, 'out/test', folders.join('+'));
await bundleTests(files, out);
// A suite that leaves a timer or a socket behind hangs until the limit, and is found.
finish(
  runMocha(out, {
    testMs: Number(process.env['TEST_TIMEOUT'] ?? 20_000),
    limitMs: Number(process.env['TEST_LIMIT'] ?? 900_000),
  }),
);
