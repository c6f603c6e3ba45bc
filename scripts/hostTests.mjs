// What every run of the tests in an extension host needs, on a server and on a desktop alike.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { root } from './checkout.mjs';
import { runToEnd } from './childProcesses.mjs';
import { bundleTests, testFiles } from './mochaTests.mjs';
import { copyWorkspace } from './workspaceCopy.mjs';

/**
 * Builds the extension, bundles the tests and makes a fresh copy of the quickstart as the workspace to open.
 * @param {string} workspace
 * @returns {Promise<string>} the file that the editor is to run
 */
export async function prepareHostTests(workspace) {
  runToEnd(process.execPath, [path.join(root, 'scripts/build.mjs')]);
  const out = path.join(root, 'out/test/host');
  await bundleTests(['test/host/index.ts', ...testFiles('host')], out);
  rmSync(workspace, { recursive: true, force: true });
  copyWorkspace(path.join(root, 'examples/quickstart'), workspace);
  return path.join(out, 'host/index.js');
}
