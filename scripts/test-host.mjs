// Runs test/host inside the extension host of a real VS Code server.
// HOST=oldest takes the oldest supported one (the current one is the default), TEST_GREP filters by title, TEST_DEBUG=1 shows the
// editor's own log, TEST_LIMIT is the limit of the whole run in ms.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { launchBrowser } from './browser.mjs';
import { root } from './checkout.mjs';
import { startEditorServer, windowAddress } from './editorServer.mjs';
import { prepareHostTests } from './hostTests.mjs';
import { nothingLeftBelow } from './nothingLeft.mjs';
import { privateHome } from './privateHome.mjs';
import { countsFrom, finish, sum } from './testCounts.mjs';
import { ensureHost, hostNames } from './vscodeHosts.mjs';

const host = hostNames.find((name) => name === (process.env['HOST'] ?? 'current'));
if (host === undefined) throw new Error(`HOST is one of ${hostNames.join(', ')}.`);
const limitMs = Number(process.env['TEST_LIMIT'] ?? 300_000);

ensureHost(host);
const temporary = mkdtempSync(path.join(os.tmpdir(), 'workbench-host-'));
const report = path.join(temporary, 'counts.json');
const log = path.join(temporary, 'mocha.log');
const windowLog = path.join(temporary, 'window.log');
const workspace = path.join(temporary, 'workspace');
const index = await prepareHostTests(workspace);
writeFileSync(log, '');

const endedWell = await runInHost(host).catch((/** @type {unknown} */ failure) => {
  console.error(failure);
  return false;
});
const counts = sum(countsFrom(report, endedWell), await nothingLeftBelow(temporary));
if (counts.failed === 0) rmSync(temporary, { recursive: true, force: true });
else console.error(`Kept for a look: ${temporary} (window.log is the editor's own log)`);
finish(counts);

/**
 * Opens a window whose extension host runs the tests; resolves with whether it said that they passed.
 * @param {import('./vscodeHosts.mjs').HostName} host
 */
async function runInHost(host) {
  const server = await startEditorServer({
    host,
    profile: path.join(temporary, 'profile'),
    purpose: 'extension-tests',
    env: {
      ...privateHome(path.join(temporary, 'home')),
      WORKBENCH_ROOT: root,
      TEST_REPORT: report,
      TEST_LOG: log,
      TEST_GREP: process.env['TEST_GREP'] ?? '',
    },
  });
  const following = new AbortController();
  const followed = follow(log, following.signal);
  try {
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage({
        viewport: { width: 1280, height: 800 },
        // A page may not read what the tests copy unless it is allowed to.
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      const address = windowAddress(server.address, workspace, { tests: { extension: root, index } });
      const [exitCode] = await Promise.all([exitOfTests(page), page.goto(address, { waitUntil: 'commit' })]);
      return exitCode === 0;
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
    following.abort();
    await followed;
  }
}

/**
 * The exit code that the window hands out when the tests have ended.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<number>}
 */
function exitOfTests(page) {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`The tests did not end within ${limitMs} ms.`)), limitMs).unref();
    page.once('crash', () => reject(new Error('The window crashed.')));
    page.on('console', (message) => {
      appendFileSync(windowLog, `${message.text()}\n`);
      if (process.env['TEST_DEBUG']) console.log(`[window] ${message.text()}`);
      // A host that dies is started again by the window, without the tests: waiting would be in vain.
      if (/extension host .*terminated unexpectedly/i.test(message.text())) {
        reject(new Error('The extension host died.'));
      }
    });
    // The window calls these two when it runs tests.
    void page.exposeFunction('codeAutomationExit', resolve);
    void page.exposeFunction('codeAutomationLog', () => {});
  });
}

/**
 * Prints what a file gains until the signal.
 * @param {string} file
 * @param {AbortSignal} signal
 */
async function follow(file, signal) {
  let shown = 0;
  for (;;) {
    const last = signal.aborted;
    const text = readFileSync(file, 'utf8');
    process.stdout.write(text.slice(shown));
    shown = text.length;
    if (last) return;
    await delay(200, undefined, { signal }).catch(() => {});
  }
}
