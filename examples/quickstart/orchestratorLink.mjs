// A connection to the orchestrator: just enough of the Redis protocol (RESP2) for this example.
// Programs of your own would rather use a SmartRedis client (C, C++, Fortran, Python) or a Redis library.
import net from 'node:net';

/** Something the reader of the message can do something about; shown without a stack. */
export class LinkError extends Error {}

/**
 * The places that `SSDB` names: `host:port[,host:port…]`, each with or without `tcp://`, or `unix://path`.
 * @returns {({host: string, port: number} | {path: string})[]}
 */
export function parseAddresses(ssdb) {
  if (!ssdb) {
    throw new LinkError('SSDB is not set: start this program with `ssw up`, or set SSDB to host:port.');
  }
  return ssdb.split(',').map((text) => {
    if (text.startsWith('unix://')) return { path: text.slice('unix://'.length) };
    const match = /^(?:tcp:\/\/)?(.+):(\d{1,5})$/.exec(text.trim());
    const port = Number(match?.[2]);
    if (match === null || port < 1 || port > 65535) {
      throw new LinkError(`SSDB: ${JSON.stringify(text)} is no address of the form host:port.`);
    }
    return { host: match[1], port };
  });
}

/**
 * Connects to the first address of `SSDB` that answers within five seconds.
 * @param {Record<string, string | undefined>} environment
 */
export async function connectOrchestrator(environment) {
  const addresses = parseAddresses(environment.SSDB);
  // Like the SmartRedis clients: without the variable a cluster is meant.
  if ((environment.SR_DB_TYPE ?? 'Clustered').toLowerCase() === 'clustered') {
    throw new LinkError(
      'SR_DB_TYPE says that the orchestrator is a cluster; this example speaks to a single shard. ' +
        'Set db_nodes to 1 in the experiment file (or SR_DB_TYPE=Standalone).',
    );
  }
  const refusals = [];
  for (const address of addresses) {
    try {
      const link = new OrchestratorLink(await openSocket(address, 5000), nameOf(address));
      await link.command('PING');
      return link;
    } catch (error) {
      refusals.push(`${nameOf(address)}: ${error.message}`);
    }
  }
  throw new LinkError(`The orchestrator does not answer (${refusals.join('; ')}).`);
}

/** One connection. Commands may be sent without waiting: replies come in the order of the commands. */
class OrchestratorLink {
  #socket;
  #name;
  #waiting = [];
  #received = Buffer.alloc(0);
  #failure;

  constructor(socket, name) {
    this.#socket = socket;
    this.#name = name;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', (error) => this.#fail(error.message));
    socket.on('close', () => this.#fail('it closed the connection'));
  }

  /** Sends one command; resolves with its reply: a Buffer, number, null, or an array of these. */
  command(...words) {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#socket.write(encodeCommand(words));
    });
  }

  /** Sends commands that take effect all at once; resolves with their replies. */
  async transaction(commands) {
    // Queued commands are answered, too; what they say counts only in EXEC's reply.
    const queued = [['MULTI'], ...commands].map((words) => this.command(...words));
    const executed = this.command('EXEC');
    await Promise.all([...queued, executed]);
    const replies = await executed;
    for (const reply of replies) if (reply instanceof Error) throw reply;
    return replies;
  }

  /** Ends the connection after what was sent. */
  close() {
    this.#failure ??= new LinkError('The connection was closed by this program.');
    this.#socket.end();
  }

  #take(chunk) {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    let at = 0;
    try {
      for (let read; (read = readReply(this.#received, at)) !== undefined; at = read.end) {
        const waiter = this.#waiting.shift();
        if (read.value instanceof Error) waiter?.reject(read.value);
        else waiter?.resolve(read.value);
      }
    } catch (error) {
      this.#fail(error.message);
      this.#socket.destroy();
    }
    this.#received = this.#received.subarray(at);
  }

  #fail(why) {
    this.#failure ??= new LinkError(`Lost the orchestrator at ${this.#name}: ${why}.`);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}

/** A command as the protocol wants it: an array of byte strings, each with its length. */
export function encodeCommand(words) {
  const parts = [Buffer.from(`*${words.length}\r\n`)];
  for (const word of words) {
    const bytes = Buffer.isBuffer(word) ? word : Buffer.from(String(word));
    parts.push(Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n'));
  }
  return Buffer.concat(parts);
}

/**
 * Reads the reply that starts at `at`; undefined while it is not complete. An error reply is returned as an
 * Error, since it may be one of several in an array.
 */
export function readReply(bytes, at) {
  const lineEnd = bytes.indexOf('\r\n', at);
  if (lineEnd < 0) return undefined;
  const text = bytes.toString('utf8', at + 1, lineEnd);
  const end = lineEnd + 2;
  switch (String.fromCharCode(bytes[at])) {
    case '+':
      return { value: Buffer.from(text), end };
    case '-':
      return { value: new LinkError(`The orchestrator refused a command: ${text}`), end };
    case ':':
      return { value: Number(text), end };
    case '$':
      return readBulk(bytes, end, Number(text));
    case '*':
      return readArray(bytes, end, Number(text));
    default:
      throw new LinkError('it does not answer in the Redis protocol');
  }
}

function readBulk(bytes, start, length) {
  if (length < 0) return { value: null, end: start };
  const end = start + length + 2;
  return bytes.length < end ? undefined : { value: bytes.subarray(start, start + length), end };
}

function readArray(bytes, start, length) {
  if (length < 0) return { value: null, end: start };
  const value = [];
  let end = start;
  for (let index = 0; index < length; index++) {
    const read = readReply(bytes, end);
    if (read === undefined) return undefined;
    value.push(read.value);
    end = read.end;
  }
  return { value, end };
}

function nameOf(address) {
  return 'path' in address ? address.path : `${address.host}:${address.port}`;
}

function openSocket(address, patienceMs) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(address);
    socket.setTimeout(patienceMs, () => socket.destroy(new Error('no answer within five seconds')));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.removeListener('error', reject);
      resolve(socket);
    });
  });
}
