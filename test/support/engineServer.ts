import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { compileEngine, engineFile, sanitizerLibrary } from '../../scripts/engine.mjs';
import { freePort } from './freePort';
import { projectRoot } from './projectRoot';
import { RespClient } from './respClient';

/** `plain`: the engine as users get it. `checked`: under AddressSanitizer and UBSan. */
export type EngineKind = 'plain' | 'checked';

const limitMs = 60_000;

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
    await this.end();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private get logFile(): string {
    return path.join(this.directory, 'log');
  }

  private async launch(): Promise<void> {
    const log = openSync(this.logFile, 'a', 0o600);
    const { file, env } = engineOf(this.kind);
    const args = [
      ...[
        '--port',
        String(this.port),
        '--dir',
        this.directory,
        '--save',
        '',
        '--enable-debug-command',
        'yes',
      ],
      ...['--repl-diskless-sync-delay', '0', ...this.args, '--loadmodule', file, ...this.loadArgs],
    ];
    this.child = spawn('redis-server', args, {
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
  }
}

/** The library, and what its server needs in its environment. */
function engineOf(kind: EngineKind): { file: string; env: Record<string, string> } {
  if (kind === 'checked')
    return {
      file: checkedEngine(),
      env: {
        LD_PRELOAD: sanitizerLibrary(),
        // Tensors are reachable only through the server's own allocator, which the leak check does not see.
        ASAN_OPTIONS: 'detect_leaks=0:abort_on_error=1:allocator_may_return_null=1',
        UBSAN_OPTIONS: 'print_stacktrace=1',
      },
    };
  if (!existsSync(engineFile)) throw new Error(`${engineFile} is missing: run \`npm run build\` first.`);
  return { file: engineFile, env: {} };
}

let checked: string | undefined;

/** Compiled once for each run of tests. */
function checkedEngine(): string {
  if (checked === undefined) {
    checked = path.join(projectRoot, 'out/engine/checked.so');
    compileEngine(checked, 'checked');
  }
  return checked;
}
