import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { databaseServer, otherServers } from '../../scripts/databaseServers.mjs';
import { compileEngine, engineFile, sanitizerLibrary } from '../../scripts/engine.mjs';
import { isAtLeast, parseServerVersion } from '../../src/core/site/serverVersion';
import { freePort } from './freePort';
import { projectRoot } from './projectRoot';
import { RespClient } from './respClient';

/** `plain`: the engine as users get it. `checked`: under AddressSanitizer and UBSan. With ENGINE_VALGRIND=1 every server runs in Valgrind; ENGINE_SERVER names another server than redis-server: one of scripts/databaseServers.mjs, or any program. */
export type EngineKind = 'plain' | 'checked';

const wantedServer = process.env['ENGINE_SERVER'] ?? 'redis-server';
const serverProgram = otherServers.includes(wantedServer) ? databaseServer(wantedServer) : wantedServer;
const { engine, version } = askVersion();
/** Whether the server is older than Redis 7.0, with which much became another; Valkey began with 7.2. */
export const beforeRedis7 = !isAtLeast(version, '7.0');
/** Valkey loads modules in a way (RTLD_DEEPBIND) in which the sanitizers refuse to be loaded. */
export const bearsSanitizers = engine === 'redis';
const inValgrind = process.env['ENGINE_VALGRIND'] === '1';
/** In Valgrind the engine takes memory of the C library, which the server does not count as its own. */
export const memoryIsCounted = !inValgrind;
const limitMs = inValgrind ? 300_000 : 60_000;

/** A real database server with the engine, on a port and in a folder of its own. */
export class EngineServer {
  readonly directory = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'ssw-engine-')));
  readonly port: number;
  private child: ChildProcess | undefined;
  private readonly clients: RespClient[] = [];

  private constructor(
    port: number,
    private readonly kind: EngineKind,
    private readonly args: readonly string[],
    private readonly loadArgs: readonly string[],
  ) {
    this.port = port;
  }

  /**
   * @param args settings of the server, as on its command line
   * @param loadArgs arguments of the engine
   */
  static async start(
    args: readonly string[] = [],
    kind: EngineKind = 'plain',
    loadArgs: readonly string[] = [],
  ): Promise<EngineServer> {
    const server = new EngineServer(await freePort(), kind, args, loadArgs);
    await server.launch();
    return server;
  }

  /** The server's log so far, with everything that sanitizers report. */
  get log(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  get alive(): boolean {
    return this.child?.exitCode === null && this.child.signalCode === null;
  }

  async client(): Promise<RespClient> {
    const client = await RespClient.connect(this.port);
    this.clients.push(client);
    return client;
  }

  /** Ends the server and starts it again over the same folder. */
  async restart(): Promise<void> {
    await this.end();
    await this.launch();
  }

  /** Ends the server and removes its folder. */
  async stop(): Promise<void> {
    try {
      await this.end();
    } finally {
      rmSync(this.directory, { recursive: true, force: true });
    }
  }

  private get valgrindLog(): string {
    return path.join(this.directory, 'valgrind');
  }

  private get logFile(): string {
    return path.join(this.directory, 'log');
  }

  private async launch(): Promise<void> {
    const log = openSync(this.logFile, 'a', 0o600);
    if (inValgrind) assertValgrind();
    const { file, env } = engineOf(inValgrind ? 'traced' : this.kind);
    const args = [
      // By its compression the server looks into a table that it has never filled.
      ...(inValgrind ? ['--rdbcompression', 'no'] : []),
      ...['--port', String(this.port), '--dir', this.directory, '--save', ''],
      // Before, these commands needed no leave.
      ...(beforeRedis7 ? [] : ['--enable-debug-command', 'yes', '--enable-module-command', 'yes']),
      ...['--repl-diskless-sync-delay', '0', ...this.args, '--loadmodule', file, ...this.loadArgs],
    ];
    const [program = '', ...words] = [
      ...(inValgrind ? valgrind(this.valgrindLog) : []),
      serverProgram,
      ...args,
    ];
    this.child = spawn(program, words, {
      stdio: ['ignore', log, log],
      env: { ...process.env, ...env },
    });
    closeSync(log);
    await this.untilItAnswers();
  }

  private async untilItAnswers(): Promise<void> {
    const end = Date.now() + limitMs;
    while (this.alive && Date.now() < end) {
      try {
        const client = await RespClient.connect(this.port);
        const answer = await client.send('PING');
        client.close();
        if (answer === 'PONG') return;
      } catch {
        // It does not listen yet.
      }
      await delay(10);
    }
    const log = this.log;
    await this.stop();
    throw new Error(`The server did not start:\n${log}`);
  }

  private async end(): Promise<void> {
    for (const client of this.clients.splice(0)) client.close();
    if (!this.child || !this.alive) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const force = setTimeout(() => this.child?.kill('SIGKILL'), limitMs / 4);
    await gone;
    clearTimeout(force);
    if (inValgrind) assertClean(readFileSync(this.valgrindLog, 'utf8'));
  }
}

function askVersion(): { readonly engine: string; readonly version: string } {
  const { stdout } = spawnSync(serverProgram, ['--version'], { encoding: 'utf8' });
  const answer = parseServerVersion(stdout);
  if (answer === undefined) throw new Error(`${serverProgram} does not tell which server it is.`);
  return answer;
}

const valgrind = (log: string): readonly string[] => [
  ...[
    'valgrind',
    `--log-file=${log}`,
    '--child-silent-after-fork=yes',
    '--num-callers=30',
    '--error-limit=no',
  ],
  // Frames name their file with its folder.
  '--fullpath-after=',
];

function assertValgrind(): void {
  if (spawnSync('valgrind', ['--version']).status !== 0)
    throw new Error('Valgrind is missing here. On Debian and Ubuntu: apt-get install valgrind');
}

/** Throws if a record of Valgrind has the engine in its stack; those of the server alone are not ours. */
function assertClean(log: string): void {
  const ours = log.split(/^==\d+== $/m).filter((record) => record.includes('engine/src/'));
  if (ours.length > 0) throw new Error(`Valgrind has found:\n${ours.slice(0, 5).join('\n')}`);
}

/** The library, and what its server needs in its environment. */
function engineOf(kind: EngineKind | 'traced'): { file: string; env: Record<string, string> } {
  if (kind === 'plain') {
    if (!existsSync(engineFile)) throw new Error(`${engineFile} is missing: run \`npm run build\` first.`);
    return { file: engineFile, env: {} };
  }
  const env =
    kind === 'traced'
      ? {}
      : {
          LD_PRELOAD: sanitizerLibrary(),
          // Tensors are reachable only through the server's own allocator, which the leak check does not see.
          ASAN_OPTIONS: 'detect_leaks=0:abort_on_error=1:allocator_may_return_null=1',
          UBSAN_OPTIONS: 'print_stacktrace=1',
        };
  return { file: compiled(kind), env };
}

const made = new Map<string, string>();

/** Compiled once for each run of tests. */
function compiled(kind: 'checked' | 'traced'): string {
  const file = made.get(kind) ?? path.join(projectRoot, `out/engine/${kind}.so`);
  if (!made.has(kind)) compileEngine(file, kind);
  made.set(kind, file);
  return file;
}
