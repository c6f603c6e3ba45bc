// Another user of the machine who tries to govern a run: it is given addresses, files and processes, and tries everything
// that it can think of, each over a connection of its own. It shares no code with the product.
//
//   node stranger.mjs '{"ports": [N…], "files": [PATH…], "directories": [PATH…], "sockets": [PATH…], "pids": [N…]}'
//
// Prints JSON: an object of what was tried to what came of it, where `granted` begins every answer that a server,
// the file system or the kernel gave to somebody who may do that.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';

/** What governs a server; harmless where it is granted, so that one attempt says nothing about the next. The end comes last. */
const commands = [
  'CONFIG SET maxmemory 1048576',
  'CONFIG SET requirepass ""',
  'CONFIG SET maxclients 5000',
  'CONFIG SET bind 127.0.0.1',
  'CONFIG SET dir /tmp',
  'CONFIG SET cluster-node-timeout 1',
  'CONFIG SET masterauth stolen',
  'CONFIG REWRITE',
  'CONFIG RESETSTAT',
  'MODULE LIST',
  'MODULE LOAD /tmp/stranger.so',
  'MODULE LOADEX /tmp/stranger.so',
  'MODULE UNLOAD stranger',
  'DEBUG SLEEP 0',
  'DEBUG CHANGE-REPL-ID',
  'ACL LIST',
  'ACL GETUSER ssw',
  'ACL SETUSER default +@all',
  'ACL SETUSER stranger on nopass +@all',
  'ACL DELUSER ssw',
  'ACL LOG',
  'AUTH ssw stolen',
  'HELLO 3 AUTH ssw stolen',
  'SCRIPT DEBUG SYNC',
  'PFSELFTEST',
  'RESTORE stranger 0 nonsense',
  'SLOWLOG RESET',
  'LATENCY RESET',
  'BGREWRITEAOF',
  'CLUSTER MEET 127.0.0.1 1',
  'CLUSTER FORGET 0000000000000000000000000000000000000000',
  'CLUSTER ADDSLOTS 0',
  'CLUSTER ADDSLOTSRANGE 0 1',
  'CLUSTER DELSLOTS 0',
  'CLUSTER DELSLOTSRANGE 0 1',
  'CLUSTER SETSLOT 0 STABLE',
  'CLUSTER FLUSHSLOTS',
  'CLUSTER BUMPEPOCH',
  'CLUSTER SET-CONFIG-EPOCH 99',
  'CLUSTER SAVECONFIG',
  'CLUSTER REPLICATE 0000000000000000000000000000000000000000',
  'CLUSTER FAILOVER TAKEOVER',
  'CLUSTER RESET HARD',
  'CLIENT NO-EVICT on',
  'CLIENT UNBLOCK 1',
  'CLIENT UNPAUSE',
  'CLIENT PAUSE 1 WRITE',
  'MONITOR',
  'REPLCONF listening-port 1',
  'PSYNC ? -1',
  'SYNC',
  'MIGRATE 127.0.0.1 1 stranger 0 10',
  'FAILOVER ABORT',
  'REPLICAOF 127.0.0.1 1',
  'REPLICAOF NO ONE',
  'SLAVEOF NO ONE',
  'CLIENT KILL TYPE normal SKIPME yes',
  'SHUTDOWN NOSAVE',
];

/** The same by the hand of a script, which has the rights of whoever calls it. */
const scripts = [`EVAL "return redis.pcall('RESTORE', 'stranger', '0', 'nonsense')" 0`];

/**
 * Milliseconds for an answer. A server that takes a command without an answer grants it.
 */
const limit = 5000;

/** @param {number} port @param {string} command */
function say(port, command) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: limit });
    let received = '';
    const settle = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => socket.write(`${command}\r\n`));
    socket.on('timeout', () => settle('granted: taken without an answer'));
    socket.on('error', (error) => settle(`unreachable: ${error.message}`));
    socket.on('close', () => settle(received === '' ? 'granted: taken as the last word' : judged(received)));
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
      if (received.includes('\r\n')) settle(judged(received));
    });
  });
}

/** What a server says to somebody who may not; every other answer, an error too, is one to somebody who may. */
function judged(reply) {
  const line = reply.split('\r\n', 1)[0];
  const refusal =
    /^-(NOPERM|NOAUTH|WRONGPASS)\b|can't run this command|has no permissions to run the '[a-z|]+' command|^-ERR (MODULE|DEBUG) command not allowed/;
  return `${refusal.test(line) ? 'refused' : 'granted'}: ${line}`;
}

function attempt(act) {
  try {
    act();
    return 'granted';
  } catch (error) {
    return `refused: ${error.code ?? error}`;
  }
}

function knock(socketPath) {
  return new Promise((resolve) => {
    const socket = connect({ path: socketPath, timeout: limit });
    const settle = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => settle('granted'));
    socket.on('timeout', () => settle('granted: no answer'));
    socket.on('error', (error) => settle(`refused: ${error.code}`));
  });
}

const { ports, files, directories, sockets, pids } = JSON.parse(process.argv[2] ?? '');
const outcome = {};
for (const file of files) {
  outcome[`read ${file}`] = attempt(() => readFileSync(file));
  outcome[`write ${file}`] = attempt(() => writeFileSync(file, '', { flag: 'a' }));
}
for (const directory of directories) outcome[`list ${directory}`] = attempt(() => readdirSync(directory));
for (const socket of sockets) outcome[`connect to ${socket}`] = await knock(socket);
for (const pid of pids) {
  outcome[`signal ${pid}`] = attempt(() => process.kill(pid, 'SIGCONT'));
  outcome[`environment of ${pid}`] = attempt(() => readFileSync(`/proc/${pid}/environ`));
}
for (const command of [...scripts, ...commands]) {
  for (const port of ports) outcome[`${command} at ${port}`] = await say(port, command);
}
process.stdout.write(JSON.stringify(outcome));
