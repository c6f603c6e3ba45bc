// What is left of a run, found by looking at /proc alone. This checker shares no code with the product, so that a
// mistake there cannot hide itself here.
//
//   node test/oracle/leftovers.mjs [--run ID | --any-run] [--below DIR]… [--pid N]… [--port N]… [--self-test]
//
//   --run ID     processes whose environment holds SSW_RUN_ID=ID
//   --any-run    processes whose environment holds SSW_RUN_ID, whatever its value
//   --below DIR  processes whose working directory, XDG_STATE_HOME or an argument lies in DIR
//   --pid N      the process N, and all members of the process group N (children lead groups of their own)
//   --port N     whoever listens on the TCP port N, of whatever process
//
// Prints JSON; exit code 0: nothing is left, 1: something is, 2: called wrongly. --self-test plants a decoy, which
// must be found, and then ends it, which must be seen: a checker that finds nothing has to prove that it can.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

/**
 * @typedef {object} Question  what counts as left; at least one of them
 * @property {string} [runId]
 * @property {boolean} [anyRun]
 * @property {string[]} [below]
 * @property {number[]} [pids]
 * @property {number[]} [ports]
 */

/**
 * Looks for what is left. Zombies hold nothing but a number: they are reported and do not count. `unreadable`
 * counts processes that do not let us look (another user's), which therefore were not judged.
 * @param {Question} question
 */
export function leftovers(question) {
  // A process that is born during the first pass may escape it, but then its parent has not.
  const first = examine(question);
  return first.clean ? examine(question) : first;
}

function examine({ runId, anyRun = false, below = [], pids = [], ports = [] }) {
  const roots = below.map((directory) => path.resolve(directory));
  const asked = (process) =>
    [
      runId !== undefined && process.runId === runId && 'run',
      anyRun && process.runId !== undefined && 'any-run',
      roots.some((root) => process.places.some((place) => isIn(place, root))) && 'below',
      pids.includes(process.pid) && 'pid',
      pids.includes(process.group) && 'group',
    ].filter(Boolean);

  const all = listPids().map(readProcess).filter(Boolean);
  const living = all.filter(({ state }) => state !== 'Z' && state !== 'X' && state !== 'x');
  const owners = socketOwners(living);
  const listeners = readListeners().map((entry) => ({ ...entry, pids: owners.get(entry.inode) ?? [] }));

  const processes = living
    .filter(({ pid }) => pid !== process.pid)
    .map((found) => ({ found, because: asked(found) }))
    .filter(({ because }) => because.length > 0)
    .map(({ found: { places: _places, readable: _readable, ...shown }, because }) => ({
      ...shown,
      because,
      listens: listeners.filter((entry) => entry.pids.includes(shown.pid)).map(({ address }) => address),
    }));
  const taken = listeners.filter(({ port }) => port !== undefined && ports.includes(port));
  return {
    clean: processes.length === 0 && taken.length === 0,
    processes,
    ports: taken,
    zombies: all
      .filter(({ state }) => state === 'Z')
      .map(({ pid, name, parent, group }) => ({ pid, name, parent, group })),
    unreadable: living.filter(({ readable }) => !readable).length,
  };
}

function listPids() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Undefined when the process has gone meanwhile. */
function readProcess(pid) {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name stands in brackets and may hold brackets and spaces itself: fields count from the last one.
  const nameEnd = stat.lastIndexOf(')');
  const fields = stat.slice(nameEnd + 2).split(' ');
  const environment = readText(`/proc/${pid}/environ`);
  const variables = new Map(
    (environment ?? '').split('\0').map((entry) => {
      const equals = entry.indexOf('=');
      return [entry.slice(0, equals), entry.slice(equals + 1)];
    }),
  );
  const argv = (readText(`/proc/${pid}/cmdline`) ?? '').split('\0').slice(0, -1);
  const directory = readLink(`/proc/${pid}/cwd`);
  return {
    pid,
    name: stat.slice(stat.indexOf('(') + 1, nameEnd),
    state: fields[0],
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    startTime: fields[19],
    argv,
    directory,
    runId: variables.get('SSW_RUN_ID'),
    entity: variables.get('SSW_ENTITY'),
    places: [directory, variables.get('XDG_STATE_HOME'), ...argv].filter((place) => place?.startsWith('/')),
    // Threads of the kernel have neither environment nor arguments.
    readable: environment !== undefined || argv.length === 0,
  };
}

/** Inode of a socket -> pids that have it open. */
function socketOwners(living) {
  const owners = new Map();
  for (const { pid } of living) {
    for (const descriptor of listNames(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(readLink(`/proc/${pid}/fd/${descriptor}`) ?? '')?.[1];
      if (inode === undefined) continue;
      const holders = owners.get(inode) ?? [];
      if (!holders.includes(pid)) holders.push(pid);
      owners.set(inode, holders);
    }
  }
  return owners;
}

/** Everything of this network namespace that listens: TCP over IPv4 and IPv6, and Unix sockets. */
function readListeners() {
  return [...readTcpListeners('tcp'), ...readTcpListeners('tcp6'), ...readUnixListeners()];
}

function readTcpListeners(family) {
  const listening = '0A';
  return rows(`/proc/self/net/${family}`)
    .map((row) => row.trim().split(/\s+/))
    .filter((fields) => fields[3] === listening)
    .map((fields) => {
      const [host, hexPort] = fields[1].split(':');
      const port = parseInt(hexPort, 16);
      return { address: `${family} ${describeHost(host)}:${port}`, port, inode: fields[9] };
    });
}

function readUnixListeners() {
  const acceptsConnections = 0x10000;
  return rows('/proc/self/net/unix')
    .map((row) => /^\S+ \S+ \S+ (\S+) \S+ \S+ +(\d+) ?(.*)$/.exec(row))
    .filter((match) => match !== null && (parseInt(match[1], 16) & acceptsConnections) !== 0)
    .map((match) => ({ address: `unix ${match[3]}`, port: undefined, inode: match[2] }));
}

/** The kernel prints an address as 32-bit words in the machine's own byte order. */
function describeHost(hex) {
  const words = hex.match(/.{8}/g).map((word) => {
    const bytes = Buffer.from(word, 'hex');
    return os.endianness() === 'LE' ? bytes.reverse() : bytes;
  });
  if (words.length === 1) return [...words[0]].join('.');
  const groups = words.flatMap((word) => [word.readUInt16BE(0), word.readUInt16BE(2)]);
  return `[${groups.map((group) => group.toString(16)).join(':')}]`;
}

function rows(file) {
  return (readText(file) ?? '').split('\n').slice(1, -1);
}

function isIn(place, root) {
  return place === root || place.startsWith(root.endsWith('/') ? root : `${root}/`);
}

/** Undefined for what is gone or not ours to read: processes end while we look. */
function readText(file) {
  return attempt(() => readFileSync(file, 'utf8'));
}

function readLink(file) {
  return attempt(() => readlinkSync(file));
}

function listNames(directory) {
  return attempt(() => readdirSync(directory)) ?? [];
}

function attempt(read) {
  try {
    return read();
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM', 'EINVAL', 'ENOTDIR'].includes(error.code)) return undefined;
    throw error;
  }
}

/** The control: a decoy with the marker, a TCP port and a Unix socket is found by every question, then gone. */
export async function selfTest() {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'leftovers-'));
  const runId = `self-test-${process.pid}`;
  const listen = `
    const { createServer } = require('node:net');
    createServer().listen(${JSON.stringify(path.join(directory, 's'))});
    const server = createServer().listen(0, '127.0.0.1', () => console.log(server.address().port));
  `;
  const decoy = spawn(process.execPath, ['-e', listen], {
    cwd: directory,
    detached: true,
    env: { SSW_RUN_ID: runId },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(decoy, 'close');
  const faults = [];
  let port = 0;
  try {
    const [line] = await once(decoy.stdout, 'data');
    port = Number(String(line));
    const questions = { runId: { runId }, anyRun: { anyRun: true }, below: { below: [directory] } };
    for (const [name, question] of Object.entries({ ...questions, pids: { pids: [decoy.pid] } })) {
      const found = leftovers(question).processes.find(({ pid }) => pid === decoy.pid);
      if (found === undefined) faults.push(`the decoy was not found by ${name}`);
      else if (!found.listens.some((address) => address === `tcp 127.0.0.1:${port}`))
        faults.push(`its port was not found by ${name}`);
      else if (!found.listens.some((address) => address === `unix ${directory}/s`))
        faults.push(`its Unix socket was not found by ${name}`);
    }
    if (!leftovers({ ports: [port] }).ports.some(({ pids }) => pids.includes(decoy.pid)))
      faults.push('nobody was found on its port');
    if (!leftovers({ runId: `${runId}-other` }).clean) faults.push('a process of no run was found');
  } finally {
    decoy.kill('SIGKILL');
    await gone;
    rmSync(directory, { recursive: true });
  }
  const after = leftovers({ runId, pids: [decoy.pid], below: [directory], ports: [port] });
  if (!after.clean) faults.push('the decoy is still found after its end');
  return faults;
}

async function main() {
  const { values } = parseArgs({
    options: {
      run: { type: 'string' },
      'any-run': { type: 'boolean' },
      below: { type: 'string', multiple: true },
      pid: { type: 'string', multiple: true },
      port: { type: 'string', multiple: true },
      'self-test': { type: 'boolean' },
    },
  });
  if (values['self-test']) {
    const faults = await selfTest();
    console.log(
      JSON.stringify({ selfTest: faults.length === 0 ? 'passed' : 'failed', faults }, undefined, 2),
    );
    return faults.length === 0 ? 0 : 1;
  }
  const numbers = (texts = []) => texts.map(Number);
  const question = {
    runId: values.run,
    anyRun: values['any-run'],
    below: values.below,
    pids: numbers(values.pid),
    ports: numbers(values.port),
  };
  if (Object.keys(values).length === 0 || [...question.pids, ...question.ports].some(Number.isNaN)) {
    console.error(
      'usage: leftovers.mjs [--run ID | --any-run] [--below DIR] [--pid N] [--port N] [--self-test]',
    );
    return 2;
  }
  const found = leftovers(question);
  console.log(JSON.stringify(found, undefined, 2));
  return found.clean ? 0 : 1;
}

// Not `import.meta.url`: tests carry this file in bundles of their own, where it means nothing.
if (path.basename(process.argv[1] ?? '') === 'leftovers.mjs') {
  main().then(
    (code) => {
      process.exitCode = code;
    },
    (error) => {
      console.error(error.code?.startsWith('ERR_PARSE_ARGS') ? error.message : error);
      process.exitCode = 2;
    },
  );
}
