// `npm start`: a real VS Code with this extension, in the browser. Installs into the checkout whatever is missing, and
// asks nothing. Ctrl-C ends it.
//   npm start [-- FOLDER]      opens FOLDER (examples/quickstart by default); PORT=8484, OPEN=0 opens no browser
//   npm start -- --demo        the quickstart without a window
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { root } from './checkout.mjs';
import { runToEnd } from './childProcesses.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { freePort, startEditorServer, windowAddress } from './editorServer.mjs';
import { linkExtension } from './installedExtension.mjs';
import { ensureHost } from './vscodeHosts.mjs';

const { values, positionals } = parseArgs({
  options: { demo: { type: 'boolean', default: false } },
  allowPositionals: true,
});

ensureDependencies();
runToEnd(process.execPath, [path.join(root, 'scripts/build.mjs')]);
ensureDatabaseServer();
if (values.demo) {
  const { runDemo } = await import('./demo.mjs');
  process.exit((await runDemo()) ? process.exitCode : 1);
}
const quickstart = path.join(root, 'examples/quickstart');
if (positionals[0] === undefined) await openEditor(quickstart, path.join(quickstart, 'heat.smartsim.yaml'));
else await openEditor(path.resolve(positionals[0]));

/** Installs a server into the user's own storage where the machine has none; says nothing where it has one. */
function ensureDatabaseServer() {
  runToEnd(process.execPath, [path.join(root, 'dist/ssw.js'), 'doctor', '--install-server'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/**
 * Resolves when the editor's server has ended.
 * @param {string} folder
 * @param {string} [file] to show at once
 */
async function openEditor(folder, file) {
  ensureHost('current');
  const profile = path.join(root, '.host/start');
  linkExtension(profile);
  // Whoever reaches the port has a shell of this user, and others may be on this machine.
  const password = randomBytes(12).toString('base64url');
  const port = process.env['PORT'] ? Number(process.env['PORT']) : await preferredPort(8484);
  /** @type {Promise<void>} */
  const interrupted = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => resolve());
  });
  const server = await startEditorServer({ host: 'current', profile, purpose: 'window', port, password });
  const address = windowAddress(server.address, folder, file === undefined ? {} : { file });
  console.log(`\n  VS Code with the extension: ${address}\n  Password: ${password}\n  Ctrl-C ends it.\n`);
  if (process.env['OPEN'] !== '0') openInBrowser(address);
  await Promise.race([server.ended, interrupted]);
  await server.stop();
  await tellLiveRuns(folder);
}

/**
 * Runs outlive every window, by design: whoever launched one should know how to stop it.
 * @param {string} folder
 */
async function tellLiveRuns(folder) {
  const ssw = [path.join(root, 'dist/ssw.js'), 'status', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, ssw);
  const { runs } = /** @type {{ runs: { file: string, phase: string }[] }} */ (JSON.parse(stdout));
  for (const { file, phase } of runs) {
    if (!file.startsWith(`${folder}${path.sep}`) || ['stopped', 'failed', 'lost'].includes(phase)) continue;
    console.log(`${file} is still ${phase}. To stop it: npm run -s ssw -- down ${JSON.stringify(file)}`);
  }
}

/**
 * @param {number} port
 * @returns {Promise<number>} the port, or any free one where it is taken
 */
function preferredPort(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(freePort()));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(port)));
  });
}

/** @param {string} address */
function openInBrowser(address) {
  const openers = { darwin: 'open', win32: 'explorer' };
  const opener = openers[/** @type {'darwin' | 'win32'} */ (process.platform)] ?? 'xdg-open';
  const child = spawn(opener, [address], { stdio: 'ignore', detached: true });
  // Where there is no opener, the address stands above.
  child.once('error', () => {});
  child.unref();
}
