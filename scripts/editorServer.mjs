// Starting and ending a VS Code server, and the address of a window on it.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endProcessGroup, signalIfThere } from './childProcesses.mjs';
import { codeServerEntry, hostNode, vscodeServerEntry } from './vscodeHosts.mjs';

/** Settings that keep the window quiet and the same in every run. */
export const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.tips.enabled': false,
  'workbench.reduceMotion': 'on',
  'workbench.enableExperiments': false,
  'workbench.colorTheme': 'Dark Modern',
  'window.autoDetectColorScheme': false,
  'window.confirmBeforeClose': 'never',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'git.enabled': false,
  'npm.fetchOnlinePackageInfo': false,
  'typescript.disableAutomaticTypeAcquisition': true,
  'files.simpleDialog.enable': true,
  // In a browser it is on, unlike on a desktop.
  'files.autoSave': 'off',
};

/**
 * @typedef {object} ServerOptions
 * @property {import('./vscodeHosts.mjs').HostName} host
 * @property {string} profile folder of the profile: user data, extensions, the server's log
 * @property {'window' | 'extension-tests'} purpose in a window the extension is installed and colours and notifications are
 *   as people see them; only a server for extension tests loads what the window's address names
 * @property {number} [port] any free one by default
 * @property {string} [password] none by default
 * @property {boolean} [workspaceTrust] whether folders are asked about; false by default
 * @property {Record<string, unknown>} [settings] on top of the quiet ones, for a profile that has none yet
 * @property {Record<string, string>} [env] on top of our own environment
 *
 * @typedef {object} EditorServer
 * @property {string} address
 * @property {Promise<void>} ended
 * @property {() => Promise<void>} stop
 */

/**
 * Starts a server and resolves when it answers. It ends with us, whatever ends us.
 * @param {ServerOptions} options
 * @returns {Promise<EditorServer>}
 */
export async function startEditorServer(options) {
  const { host, profile, settings = {}, env = {} } = options;
  const port = options.port ?? (await freePort());
  const userData = path.join(profile, 'user-data');
  const extensions = path.join(profile, 'extensions');
  mkdirSync(path.join(userData, 'User'), { recursive: true });
  mkdirSync(extensions, { recursive: true });
  const settingsFile = path.join(userData, 'User/settings.json');
  if (!existsSync(settingsFile)) {
    writeFileSync(settingsFile, JSON.stringify({ ...quietSettings, ...settings }, null, 2));
  }

  const folders = ['--user-data-dir', userData, '--extensions-dir', extensions];
  const trust = options.workspaceTrust ? [] : ['--disable-workspace-trust'];
  const argv =
    options.purpose === 'extension-tests'
      ? [vscodeServerEntry(host), ...vscodeServerArguments(port)]
      : [codeServerEntry(host), ...codeServerArguments(profile, port, options.password)];
  const logFile = path.join(profile, 'server.log');
  const log = openSync(logFile, 'w');
  const child = spawn(hostNode(host), [...argv, ...folders, ...trust], {
    cwd: profile,
    stdio: ['ignore', log, log],
    detached: true,
    env: {
      ...environmentForEditors(),
      // No gallery: nothing leaves this machine.
      EXTENSIONS_GALLERY: '{"serviceUrl":"","itemUrl":"","resourceUrlTemplate":""}',
      ...(options.password === undefined ? {} : { PASSWORD: options.password }),
      ...env,
    },
  });
  closeSync(log);
  const stop = () => endProcessGroup(child);
  endWithUs(child);
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => child.once('exit', () => resolve()));

  const address = `http://127.0.0.1:${port}`;
  const ready = `${address}/${options.purpose === 'extension-tests' ? 'version' : 'healthz'}`;
  const deadline = Date.now() + 60_000;
  while (!(await answers(ready))) {
    if (child.exitCode !== null) throw new Error(`The VS Code server ended at once; see ${logFile}.`);
    if (Date.now() > deadline) {
      await stop();
      throw new Error(`The VS Code server did not answer within a minute; see ${logFile}.`);
    }
    await delay(100);
  }
  return { address, ended, stop };
}

/** Extension hosts get our environment; without this option it is that of a login shell. */
const ourEnvironment = 'force-disable-user-env';

/** @param {number} port */
function vscodeServerArguments(port) {
  return [
    ...['--host', '127.0.0.1', '--port', String(port)],
    '--without-connection-token',
    '--accept-server-license-terms',
    ...['--telemetry-level', 'off'],
    // With the driver on, a built VS Code obeys the extension and the tests that the window's address names.
    '--enable-smoke-test-driver',
    `--${ourEnvironment}`,
  ];
}

/**
 * @param {string} profile
 * @param {number} port
 * @param {string | undefined} password
 */
function codeServerArguments(profile, port, password) {
  return [
    ...['--config', codeServerConfig(profile)],
    ...['--auth', password === undefined ? 'none' : 'password'],
    ...['--bind-addr', `127.0.0.1:${port}`],
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-getting-started-override',
    '--ignore-last-opened',
    ...['--vscode-option', ourEnvironment],
  ];
}

/**
 * Without a configuration of its own code-server would write one into the home folder.
 * @param {string} profile
 */
export function codeServerConfig(profile) {
  mkdirSync(profile, { recursive: true });
  const file = path.join(profile, 'code-server.yaml');
  writeFileSync(file, 'auth: none\n');
  return file;
}

/** Our environment without what a VS Code terminal, or a test run around us, left in it and would mislead a server. */
export function environmentForEditors() {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !name.startsWith('VSCODE_') && !['ELECTRON_RUN_AS_NODE', 'NODE_OPTIONS', 'PASSWORD'].includes(name),
    ),
  );
}

/** @param {import('node:child_process').ChildProcess} child */
function endWithUs(child) {
  const end = () => {
    if (child.pid !== undefined) signalIfThere(-child.pid, 'SIGKILL');
  };
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    // Without a handler a signal ends us without the exit above.
    if (process.listenerCount(signal) === 0) process.once(signal, () => process.exit(1));
  }
}

/** @param {string} url */
async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

/**
 * A port of the loopback interface that is free now.
 * @returns {Promise<number>}
 */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('No port.')),
      );
    });
  });
}

/**
 * Address of a window that has the folder open, and a file of it in an editor. With `tests` it loads our checkout's
 * extension and runs the tests in its host (only on a server for extension tests; any other ignores them silently).
 * @param {string} server
 * @param {string | undefined} folder none: a window without a folder
 * @param {{ file?: string, tests?: { extension: string, index: string } }} [options]
 */
export function windowAddress(server, folder, { file, tests } = {}) {
  const { host } = new URL(server);
  const remote = (/** @type {string} */ file) => `vscode-remote://${host}${file}`;
  const payload = [
    ['skipWelcome', 'true'],
    ...(file === undefined ? [] : [['openFile', remote(file)]]),
    ...(tests
      ? [
          ['extensionDevelopmentPath', remote(tests.extension)],
          ['extensionTestsPath', remote(tests.index)],
        ]
      : []),
  ];
  const what = folder === undefined ? 'ew=true' : `folder=${encodeURIComponent(folder)}`;
  return `${server}/?${what}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}
