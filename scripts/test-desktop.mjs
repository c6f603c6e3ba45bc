// Runs test/host in a desktop VS Code: VSCODE_EXECUTABLE names one that is installed, else VSCODE_VERSION (`stable` by default) is
// downloaded once, which needs the internet. Without a display, run it through `xvfb-run -a`.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { root } from './checkout.mjs';
import { prepareHostTests } from './hostTests.mjs';
import { nothingLeftBelow } from './nothingLeft.mjs';
import { privateHome } from './privateHome.mjs';
import { countsFrom, finish, sum } from './testCounts.mjs';

const { VSCODE_EXECUTABLE: executable, VSCODE_VERSION: version = 'stable' } = process.env;
const temporary = mkdtempSync(path.join(os.tmpdir(), 'workbench-desktop-'));
const workspace = path.join(temporary, 'workspace');
const report = path.join(temporary, 'counts.json');
const index = await prepareHostTests(workspace);
const endedWell = await runTests({
  ...(executable ? { vscodeExecutablePath: executable } : { version }),
  extensionDevelopmentPath: root,
  extensionTestsPath: index,
  extensionTestsEnv: {
    ...privateHome(path.join(temporary, 'home')),
    WORKBENCH_ROOT: root,
    TEST_REPORT: report,
  },
  launchArgs: [
    workspace,
    ...['--user-data-dir', path.join(temporary, 'profile')],
    '--disable-extensions',
    '--disable-workspace-trust',
    '--skip-welcome',
    '--skip-release-notes',
  ],
}).then(
  (code) => code === 0,
  (/** @type {unknown} */ failure) => {
    console.error(failure);
    return false;
  },
);
const counts = sum(countsFrom(report, endedWell), await nothingLeftBelow(temporary));
rmSync(temporary, { recursive: true, force: true });
finish(counts);
