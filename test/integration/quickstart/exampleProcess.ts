import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { builtEngine } from '../../support/builtEngine';
import type { Link } from './quickstartModules';
import { loadOrchestratorLink, quickstartDirectory } from './quickstartModules';

/** A process whose output is kept, and which is ended with its test. */
export class ExampleProcess {
  output = '';
  errors = '';
  private constructor(readonly child: ChildProcess) {
    child.stdout?.on('data', (text: Buffer) => (this.output += text.toString()));
    child.stderr?.on('data', (text: Buffer) => (this.errors += text.toString()));
  }

  static start(
    program: string,
    argv: readonly string[],
    environment: Readonly<Record<string, string>>,
    directory: string = quickstartDirectory,
  ): ExampleProcess {
    return new ExampleProcess(
      spawn(program, argv, {
        cwd: directory,
        env: { ...process.env, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }

  /** Resolves with the exit code, or the signal's name, when all output has arrived. */
  async ended(): Promise<number | string> {
    if (!this.closed) await once(this.child, 'close', { signal: AbortSignal.timeout(15_000) });
    return this.child.exitCode ?? this.child.signalCode ?? 'unknown';
  }

  /** Resolves when the output contains the text; fails when the process ends without it. */
  async says(text: string): Promise<void> {
    const deadline = AbortSignal.timeout(15_000);
    while (!this.output.includes(text)) {
      if (this.closed) throw new Error(`Ended without ${JSON.stringify(text)}:\n${this.output}`);
      await Promise.race([
        once(this.child.stdout!, 'data', { signal: deadline }),
        once(this.child, 'close', { signal: deadline }),
      ]);
    }
  }

  async end(): Promise<void> {
    if (this.closed) return;
    this.child.kill('SIGKILL');
    await this.ended();
  }

  private get closed(): boolean {
    const { exitCode, signalCode, stdout } = this.child;
    return (exitCode !== null || signalCode !== null) && stdout?.closed === true;
  }
}

/** A Redis server of a test's own, with a link to it. */
export interface TestServer {
  readonly process: ExampleProcess;
  readonly environment: Readonly<Record<string, string>>;
  readonly link: Link;
  end(): Promise<void>;
}

export async function startTestServer(): Promise<TestServer> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'quickstart-'));
  const port = await freePort();
  const server = ExampleProcess.start(
    'redis-server',
    [
      ...['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', directory],
      ...['--loadmodule', builtEngine],
    ],
    {},
  );
  await server.says('Ready to accept connections');
  const environment = { SSDB: `127.0.0.1:${port}`, SR_DB_TYPE: 'Standalone' };
  const link = await (await loadOrchestratorLink()).connectOrchestrator(environment);
  return {
    process: server,
    environment,
    link,
    end: async () => {
      link.close();
      await server.end();
      await rm(directory, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as net.AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
