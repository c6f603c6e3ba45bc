// What tests need of the system: what of it is missing, and how it is installed.
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';

/** @typedef {'chromium' | 'redis-server' | 'compiler' | 'python' | 'smartredis-python' | 'hiredis'} Component */

/**
 * @type {Record<Component, {
 *   what: string,
 *   find: () => string | undefined,
 *   packages: Record<PackageManager, readonly string[]>,
 * }>}
 */
const components = {
  chromium: {
    what: 'Chromium, which shows the window to tests (CHROMIUM may name its executable)',
    find: findChromium,
    packages: {
      'apt-get': ['chromium', 'fonts-liberation'],
      dnf: ['chromium', 'liberation-fonts'],
      brew: ['--cask', 'chromium'],
    },
  },
  'redis-server': {
    what: 'redis-server, which tests launch',
    find: () => onPath('redis-server'),
    packages: { 'apt-get': ['redis-server', 'redis-tools'], dnf: ['redis'], brew: ['redis'] },
  },
  compiler: {
    what: "a C++ compiler and make, for native modules of the editor's server",
    find: () => onPath('make') && onPath('g++'),
    packages: { 'apt-get': ['g++', 'make'], dnf: ['gcc-c++', 'make'], brew: ['gcc', 'make'] },
  },
  python: {
    what: "Python 3, with which native modules of the editor's server are built",
    find: () => onPath('python3'),
    packages: { 'apt-get': ['python3'], dnf: ['python3'], brew: ['python'] },
  },
  'smartredis-python': {
    what: 'Python 3.8 to 3.11 with the module venv, for which there is a SmartRedis client (SMARTREDIS_PYTHON may name it)',
    find: findSmartredisPython,
    packages: {
      'apt-get': ['python3', 'python3-venv'],
      dnf: ['python3.11'],
      brew: ['python@3.11'],
    },
  },
  // Of measurements alone: no test needs it.
  hiredis: {
    what: 'the C client hiredis with its headers, beside which scans are measured',
    find: () => hiredisHeaders.find(existsSync),
    packages: { 'apt-get': ['libhiredis-dev'], dnf: ['hiredis-devel'], brew: ['hiredis'] },
  },
};

const hiredisHeaders = ['/usr', '/usr/local', '/opt/homebrew'].map(
  (prefix) => `${prefix}/include/hiredis/hiredis.h`,
);

/** @typedef {keyof typeof installers} PackageManager */

const installers = {
  'apt-get': ['install', '-y', '--no-install-recommends'],
  dnf: ['install', '-y'],
  brew: ['install'],
};

/**
 * What tests need.
 * @type {readonly Component[]}
 */
export const allComponents = ['chromium', 'redis-server', 'compiler', 'python', 'smartredis-python'];

/**
 * Path of a component that is installed here, or nothing.
 * @param {Component} component
 */
export const findComponent = (component) => components[component].find();

/**
 * Those of the components that are missing here.
 * @param {readonly Component[]} wanted
 */
export const missingOf = (wanted) => wanted.filter((component) => findComponent(component) === undefined);

/**
 * What is missing and the exact command that brings it.
 * @param {readonly Component[]} missing
 */
export function remedyFor(missing) {
  const what = missing.map((component) => components[component].what).join('; ');
  const manager = packageManager();
  if (manager === undefined) return `Missing here: ${what}. Install it and try again.`;
  const commands = installCommands(manager, missing).map((argv) => [...asRoot(manager), ...argv].join(' '));
  return `Missing here: ${what}. To install: ${commands.join(' && ')}`;
}

/**
 * Installs what is missing without asking, where this user may. What cannot be installed stays missing.
 * @param {readonly Component[]} wanted
 */
export function installMissing(wanted) {
  const missing = missingOf(wanted);
  const manager = packageManager();
  if (missing.length === 0 || manager === undefined) return;
  const prefix = asRoot(manager);
  // `-n`: nobody is there to type a password.
  const quietly = prefix.length === 0 ? [] : [...prefix, '-n'];
  for (const argv of installCommands(manager, missing)) {
    const [program = '', ...args] = [...quietly, ...argv];
    console.log([program, ...args].join(' '));
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const { error, status } = spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'], env });
    if (error ?? status !== 0) return;
  }
  if (manager === 'apt-get' && missing.includes('redis-server')) {
    // Debian's package starts a server of its own at once; nobody asked for that one.
    const [program = '', ...args] = [...quietly, 'service', 'redis-server', 'stop'];
    spawnSync(program, args, { stdio: 'ignore' });
  }
}

/**
 * @param {PackageManager} manager
 * @param {readonly Component[]} missing
 */
function installCommands(manager, missing) {
  const packages = missing.flatMap((component) => components[component].packages[manager]);
  const install = [manager, ...installers[manager], ...packages];
  return manager === 'apt-get' ? [['apt-get', 'update'], install] : [install];
}

/** @returns {PackageManager | undefined} */
function packageManager() {
  return /** @type {const} */ (['apt-get', 'dnf', 'brew']).find((name) => onPath(name));
}

/** @param {PackageManager} manager */
function asRoot(manager) {
  return manager === 'brew' || process.getuid?.() === 0 ? [] : ['sudo'];
}

function findChromium() {
  const named = process.env['CHROMIUM'];
  return [
    ...(named ? [named] : []),
    ...['chromium', 'chromium-browser', 'google-chrome'].flatMap((name) => onPath(name) ?? []),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ].find(isExecutable);
}

/** The client is a native library, made for these versions of Python alone. */
function findSmartredisPython() {
  const named = process.env['SMARTREDIS_PYTHON'];
  const check = 'import ensurepip, sys, venv; sys.exit(not (3, 8) <= sys.version_info[:2] <= (3, 11))';
  return [...(named ? [named] : []), 'python3', 'python3.11', 'python3.10', 'python3.9', 'python3.8']
    .flatMap((name) => onPath(name) ?? [])
    .find((program) => spawnSync(program, ['-c', check], { stdio: 'ignore' }).status === 0);
}

/** @param {string} name */
function onPath(name) {
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find(isExecutable);
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
