// Drives the real window: installs the packed extension into fresh profiles and runs test/ui with mocha. Pictures: out/screens.
// TEST_GREP filters by title, TEST_LIMIT is the limit of the whole run in ms.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './checkout.mjs';
import { runToEnd } from './childProcesses.mjs';
import { bundleTests, runMocha, testFiles } from './mochaTests.mjs';
import { nothingLeftBelow } from './nothingLeft.mjs';
import { finish, sum } from './testCounts.mjs';
import { ensureHost } from './vscodeHosts.mjs';

ensureHost('current');
runToEnd(process.execPath, [path.join(root, 'scripts/package.mjs')]);
const out = path.join(root, 'out/test/ui');
await bundleTests(testFiles('ui'), out);
rmSync(path.join(root, 'out/screens'), { recursive: true, force: true });
const temporary = mkdtempSync(path.join(os.tmpdir(), 'workbench-ui-'));
const tested = runMocha(out, {
  testMs: 60_000,
  limitMs: Number(process.env['TEST_LIMIT'] ?? 900_000),
  env: { TEST_TEMPORARY: temporary },
});
const counts = sum(tested, await nothingLeftBelow(temporary));
if (counts.failed === 0) rmSync(temporary, { recursive: true, force: true });
else console.error(`Kept for a look: ${temporary}`);
finish(counts);
