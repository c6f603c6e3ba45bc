import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freeClusterPort } from './freeClusterPort';
import { freePort } from './freePort';
import { until } from './startedRun';
import { ReplyError, RespClient, textOf, type Argument, type Reply } from './respClient';

const limitMs = 30_000;

/** A real redis-server without a module, on a port of loopback and in a folder of its own. */
export class DatabaseServer {
  readonly directory = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'ssw-database-')));
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly args: readonly string[],
  ) {}

  /** @param args settings of the server, as on its command line */
  static async start(args: readonly string[] = [], port?: number): Promise<DatabaseServer> {
    const server = new DatabaseServer(port ?? (await freePort()), args);
    await server.launch();
    return server;
  }

  /** Starts it again where it has ended. */
  async launch(): Promise<void> {
    const args = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.directory, '--save', ''];
    this.child = spawn('redis-server', [...args, ...this.args], { stdio: 'ignore' });
    const end = Date.now() + limitMs;
    for (;;) {
      try {
        await this.send('PING');
        return;
      } catch {
        if (Date.now() > end || this.child.exitCode !== null) throw new Error('The server did not start.');
        await delay(10);
      }
    }
  }

  /** Sends a command over a connection of its own, without a login. */
  async send(...words: Argument[]): Promise<Reply> {
    const client = await RespClient.connect(this.port);
    try {
      return await client.send(...words);
    } finally {
      client.close();
    }
  }

  signal(name: NodeJS.Signals): void {
    this.child?.kill(name);
  }

  async kill(): Promise<void> {
    if (this.child?.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }

  /** Ends the server and removes its folder. */
  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

const clusterSettings = [
  ...['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000'],
  ...['--repl-diskless-sync-delay', '0'],
];

/** Three shards of a real cluster, which replicas and further shards may join. */
export class DatabaseCluster {
  /** Replicas and shards that have joined later. */
  private readonly more: DatabaseServer[] = [];

  private constructor(readonly servers: readonly DatabaseServer[]) {}

  static async start(args: readonly string[] = []): Promise<DatabaseCluster> {
    const first = await freeClusterPort();
    const settings = [...clusterSettings, ...args];
    const servers = await Promise.all(
      [0, 1, 2].map((place) => DatabaseServer.start(settings, first + place)),
    );
    const cluster = new DatabaseCluster(servers);
    const ranges = [
      [0, 5460],
      [5461, 10922],
      [10923, 16383],
    ] as const;
    await Promise.all(
      servers.map((server, place) => server.send('CLUSTER', 'ADDSLOTSRANGE', ...(ranges[place] ?? []))),
    );
    await Promise.all(servers.map((server, place) => server.send('CLUSTER', 'SET-CONFIG-EPOCH', place + 1)));
    for (const { port } of servers.slice(1)) await servers[0]?.send('CLUSTER', 'MEET', '127.0.0.1', port);
    await cluster.untilOk(3);
    return cluster;
  }

  /** Another server, which has what `primary` has, and takes its place if that dies. */
  async addReplica(primary: DatabaseServer, args: readonly string[] = []): Promise<DatabaseServer> {
    const port = await freeClusterPort();
    const replica = await DatabaseServer.start([...clusterSettings, ...args], port);
    this.more.push(replica);
    await primary.send('CLUSTER', 'MEET', '127.0.0.1', port);
    const id = await primary.send('CLUSTER', 'MYID');
    await until('knows its primary', async () => {
      return (await replica.send('CLUSTER', 'REPLICATE', id instanceof Uint8Array ? id : '')) === 'OK';
    });
    await until('follows its primary', async () => {
      const info = await replica.send('INFO', 'replication');
      return info instanceof Uint8Array && textOf(info).includes('master_link_status:up');
    });
    await this.untilOk(this.servers.length + this.more.length);
    return replica;
  }

  /** Another shard, which has no slots yet. */
  async addShard(args: readonly string[] = []): Promise<DatabaseServer> {
    const port = await freeClusterPort();
    const shard = await DatabaseServer.start([...clusterSettings, ...args], port);
    this.more.push(shard);
    await this.servers[0]?.send('CLUSTER', 'MEET', '127.0.0.1', port);
    await this.untilOk(this.servers.length + this.more.length);
    return shard;
  }

  /** Has a command done by the shard that takes it: all three are asked. */
  async send(...words: Argument[]): Promise<Reply> {
    let reply: Reply = null;
    for (const server of this.servers) {
      reply = await server.send(...words);
      if (!(reply instanceof ReplyError) || !reply.message.startsWith('MOVED ')) break;
    }
    return reply;
  }

  /** Until every server says that all slots are served, and knows so many nodes. */
  async untilOk(nodes: number): Promise<void> {
    const end = Date.now() + limitMs;
    for (const server of [...this.servers, ...this.more]) {
      for (;;) {
        const said = await server.send('CLUSTER', 'INFO');
        const text = said instanceof Uint8Array ? textOf(said) : '';
        if (text.includes('cluster_state:ok') && text.includes(`cluster_known_nodes:${nodes}`)) break;
        if (Date.now() > end) throw new Error(`The cluster was not formed: ${text}`);
        await delay(20);
      }
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.servers, ...this.more].map((server) => server.stop()));
  }
}
