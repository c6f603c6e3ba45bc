import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A process of no run of ours. It takes every signal that can be taken, and tells of it instead of ending. */
export class Decoy {
  private told = '';

  private constructor(private readonly child: ChildProcess) {
    child.stdout!.on('data', (chunk: Buffer) => {
      this.told += String(chunk);
    });
  }

  /** `argv`: what it is called with, as others see it. */
  static async start(
    environment: Readonly<Record<string, string>> = {},
    [program, ...args]: readonly string[] = [process.execPath],
    directory?: string,
  ): Promise<Decoy> {
    const script = `
      for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGCONT', 'SIGUSR2']) process.on(name, () => console.log(name));
      setInterval(() => undefined, 1000);
      console.log('ready');
    `;
    const child = spawn(process.execPath, ['-e', script, ...args], {
      env: environment,
      argv0: program,
      cwd: directory,
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const decoy = new Decoy(child);
    await once(child.stdout, 'data');
    return decoy;
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** It lives, and nobody has signalled it. */
  assertUntouched(): void {
    assert.equal(this.child.signalCode, null, 'the stranger was killed');
    assert.equal(this.child.exitCode, null);
    assert.equal(this.told, 'ready\n', 'the stranger was signalled');
  }

  async end(): Promise<void> {
    if (this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}
