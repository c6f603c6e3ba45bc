import type { Word, Words } from '../redis/wire/reply';

/** A command that may be sent to a database that is not ours: always, or where its first arguments are these. */
type Allowance = true | ((args: readonly string[]) => boolean);

const first =
  (...names: readonly string[]): Allowance =>
  ([name = '']) =>
    names.includes(name);

/** The sections of INFO that cost nothing. Without a section it tells all, and that of modules can bring servers down. */
const sections = new Set([
  ...['SERVER', 'CLIENTS', 'MEMORY', 'PERSISTENCE', 'STATS', 'REPLICATION', 'CPU', 'KEYSPACE', 'CLUSTER'],
  'ERRORSTATS',
]);

/**
 * All that a database sees of us before somebody has unlocked it. None of them changes a key or a setting; none takes long
 * for many keys.
 */
const allowed: Readonly<Record<string, Allowance>> = {
  // Connecting.
  ...{ AUTH: true, PING: true, ASKING: true },
  ...{ CLUSTER: first('SLOTS', 'NODES', 'INFO', 'MYID', 'COUNTKEYSINSLOT'), ACL: first('WHOAMI') },
  // The server.
  INFO: (args) => args.length > 0 && args.every((section) => sections.has(section)),
  ...{ DBSIZE: true, MODULE: first('LIST'), COMMAND: first('INFO', 'COUNT'), TIME: true },
  // Keys.
  ...{ SCAN: true, TYPE: true, EXISTS: true, TTL: true, PTTL: true, EXPIRETIME: true, PEXPIRETIME: true },
  // With few samples it costs little for Redis' own types.
  MEMORY: (args) =>
    args.length === 4 && args[0] === 'USAGE' && args[2] === 'SAMPLES' && /^[1-5]$/.test(args[3] ?? ''),
  OBJECT: first('ENCODING', 'IDLETIME', 'FREQ'),
  // Values of Redis' own types.
  ...{ STRLEN: true, GETRANGE: true },
  ...{ HLEN: true, HGET: true, HMGET: true, HEXISTS: true, HSTRLEN: true, HSCAN: true },
  ...{ LLEN: true, LINDEX: true, LRANGE: true },
  ...{ SCARD: true, SISMEMBER: true, SSCAN: true, ZCARD: true, ZSCORE: true, ZRANGE: true, ZSCAN: true },
  ...{ XLEN: true, XRANGE: true, XREVRANGE: true, XINFO: first('STREAM', 'GROUPS') },
  // Whether a value changes while its parts are read.
  ...{ WATCH: true, UNWATCH: true, MULTI: true, EXEC: true, DISCARD: true },
  // Tensors, models and scripts.
  ...{ 'AI.TENSORGET': true, 'AI.MODELGET': isHead, 'AI.SCRIPTGET': isHead },
  ...{ 'AI.INFO': (args) => args.length === 1, 'AI.CONFIG': first('GET') },
  ...{ 'TENSOR.RANGE': true, 'TENSOR.SLICE': true, 'TENSOR.STATISTICS': true, 'TENSOR.VERSION': true },
};

/** A key and `META`, without the words that would bring the value too. */
function isHead(args: readonly string[]): boolean {
  return args.length === 2 && args[1] === 'META';
}

/** Whether a command only looks, and costs a server little. */
export function isLooking(words: Words): boolean {
  const allowance = allowances.get(words[0].toUpperCase());
  if (allowance === undefined || allowance === true) return allowance === true;
  const [, ...args] = words;
  return allowance(args.slice(0, mostLookedAt).map(upperCase)) && args.length <= mostLookedAt;
}

const allowances = new Map(Object.entries(allowed));

/** Commands that are judged by their arguments have few of them. */
const mostLookedAt = 16;

function upperCase(word: Word): string {
  const text = typeof word === 'string' ? word : Buffer.from(word.subarray(0, 64)).toString('latin1');
  return text.toUpperCase();
}
