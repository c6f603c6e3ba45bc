import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { ShardConnection } from '../../../src/core/launch/shardConnection';
import type { RedisAddress } from '../../../src/core/redis/redisConnection';
import { ShardWatch, type Look } from '../../../src/supervisor/shardWatch';
import { freePort } from '../../support/freePort';
import { planOf } from '../../support/planOf';
import { until } from '../../support/startedRun';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

/** What the supervisor uses. */
const limit = 1000;

/** A network between us and a server. */
interface Network extends RedisAddress {
  cut(): void;
  heal(): void;
  close(): void;
}

describe('a network that is cut', function () {
  this.timeout(60_000);
  let work: WorkDirectory;
  let server: ChildProcess;
  let network: Network;
  let connection: ShardConnection;
  let looks: Look[];
  let watch: ShardWatch;

  beforeEach(() => {
    work = workDirectory();
    looks = [];
  });
  afterEach(async () => {
    connection.dispose();
    network.close();
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
    work.remove();
  });

  function begin(ofServer: ChildProcess, through: Network): void {
    server = ofServer;
    network = through;
    connection = new ShardConnection(network, undefined);
    const [orchestrator] = planOf({ directory: work.path, port: network.port }).orchestrators;
    assert.ok(orchestrator);
    const shard = { name: 'orchestrator_0', pid: server.pid ?? 0, connection, orchestrator };
    watch = new ShardWatch(
      () => [shard],
      limit,
      (look) => looks.push(look),
    );
  }

  /** Cut for `seconds`, with looks all the time; then healed, and found again by one of the next `most` looks. */
  async function outlast(seconds: number, most: number): Promise<void> {
    await until('it answers', async () => {
      await watch.ask();
      return looks.at(-1)?.measurements.length === 1;
    });
    network.cut();
    looks.length = 0;
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end) await watch.ask();
    const silences = looks.map(({ findings }) => findings[0]?.notAnsweringSince);
    assert.ok(silences.length >= seconds / 2);
    assert.equal(new Set(silences).size, 1, 'it does not flap: one silence, since one moment');
    assert.notEqual(silences[0], undefined);
    network.heal();
    looks.length = 0;
    while (looks.length < most && looks.at(-1)?.measurements.length !== 1) await watch.ask();
    assert.deepEqual(looks.at(-1)?.findings, [], 'found again after the healing');
    assert.equal(looks.at(-1)?.measurements.length, 1);
  }

  it('makes a shard "not answering", without flapping, and the first look after it is back finds it', async () => {
    const port = await freePort();
    begin(redisServer(work, ['--port', String(port)]), await relay(port));
    await outlast(4, 1);
  });

  // Needs a kernel that lets root make networks, so it belongs to the long form.
  if (process.env['TEST_LONG'] === '1') {
    it('does so with a real link between two network namespaces', async () => {
      const name = `ssw${process.pid % 10_000}`;
      const [ours, theirs] = ['10.231.7.1', '10.231.7.2'];
      const ip = (...args: readonly string[]): void => void execFileSync('ip', args);
      ip('netns', 'add', name);
      ip('link', 'add', `${name}a`, 'type', 'veth', 'peer', 'name', `${name}b`);
      ip('link', 'set', `${name}b`, 'netns', name);
      ip('addr', 'add', `${ours}/30`, 'dev', `${name}a`);
      ip('link', 'set', `${name}a`, 'up');
      ip('-n', name, 'addr', 'add', `${theirs}/30`, 'dev', `${name}b`);
      ip('-n', name, 'link', 'set', `${name}b`, 'up');
      const started = redisServer(work, ['--port', '6399', '--bind', theirs, '--protected-mode', 'no'], name);
      begin(started, {
        host: theirs,
        port: 6399,
        cut: () => {
          ip('-n', name, 'link', 'set', `${name}b`, 'down');
        },
        heal: () => {
          ip('-n', name, 'link', 'set', `${name}b`, 'up');
        },
        close: () => {
          ip('link', 'del', `${name}a`);
          ip('netns', 'del', name);
        },
      });
      // The kernel itself asks a second time for the address, and begins the connection again, after a second.
      await outlast(20, 2);
    });
  }
});

function redisServer(work: WorkDirectory, args: readonly string[], namespace?: string): ChildProcess {
  const inside = namespace === undefined ? [] : ['ip', 'netns', 'exec', namespace];
  const [program = '', ...rest] = [
    ...inside,
    '/usr/bin/redis-server',
    '--save',
    '',
    '--dir',
    work.path,
    ...args,
  ];
  return spawn(program, rest, { stdio: 'ignore' });
}

/**
 * Passes bytes on. While it is cut it swallows them, and takes connections that come to nothing; those of before
 * stay dead after it is healed, as they do for minutes with a real network, whose kernel tries again ever more rarely.
 */
async function relay(to: number): Promise<Network> {
  const open = new Set<Socket>();
  let isCut = false;
  const server: Server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    const dead = isCut;
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => open.delete(socket));
    }
    let cutOff = dead;
    near.on('data', (bytes) => {
      cutOff ||= isCut;
      if (!cutOff) far.write(new Uint8Array(bytes));
    });
    far.on('data', (bytes) => {
      cutOff ||= isCut;
      if (!cutOff) near.write(new Uint8Array(bytes));
    });
    near.on('end', () => far.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return {
    host: '127.0.0.1',
    port: address.port,
    cut: () => {
      isCut = true;
    },
    heal: () => {
      isCut = false;
    },
    close: () => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
