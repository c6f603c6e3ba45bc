import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { leftovers, selfTest } from '../../oracle/leftovers.mjs';
import { projectRoot } from '../../support/projectRoot';

const checker = path.join(projectRoot, 'test/oracle/leftovers.mjs');

describe('leftovers, the independent checker', () => {
  const children: ChildProcess[] = [];

  afterEach(async () => {
    for (const child of children.splice(0)) {
      const gone = child.exitCode !== null || child.signalCode !== null ? undefined : once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
  });

  /** Starts a Node program that says when it is up; resolves with its first line. */
  async function start(
    program: string,
    environment: Readonly<Record<string, string>>,
  ): Promise<{ child: ChildProcess; line: string }> {
    const child = spawn(process.execPath, ['-e', program], {
      detached: true,
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const [line] = (await once(child.stdout, 'data', { signal: AbortSignal.timeout(10_000) })) as [Buffer];
    return { child, line: line.toString().trim() };
  }

  it('finds a planted decoy by every question, and sees its end', async () => {
    assert.deepEqual(await selfTest(), []);
  });

  it('knows one run from another, and a marker from a longer one', async () => {
    const { child } = await start('console.log("up"); setInterval(() => {}, 1000)', {
      SSW_RUN_ID: 'oracle-a',
      SSW_ENTITY: 'simulation',
    });
    const [found, ...more] = leftovers({ runId: 'oracle-a' }).processes;
    assert.deepEqual(more, []);
    assert.deepEqual(
      [found?.pid, found?.group, found?.entity, found?.because],
      [child.pid, child.pid, 'simulation', ['run']],
    );
    assert.equal(leftovers({ runId: 'oracle' }).clean, true);
    assert.ok(leftovers({ anyRun: true }).processes.some(({ pid }) => pid === child.pid));
  });

  it('finds members of a group whose leader has gone and who dropped the marker', async () => {
    const { child, line } = await start(
      `const { spawn } = require('node:child_process');
       const member = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { env: {}, stdio: 'ignore' });
       member.once('spawn', () => { console.log(member.pid); member.unref(); setTimeout(() => {}, 60000); });`,
      { SSW_RUN_ID: 'oracle-b' },
    );
    const member = Number(line);
    try {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      assert.equal(leftovers({ runId: 'oracle-b' }).clean, true);
      assert.deepEqual(
        leftovers({ pids: [child.pid!] }).processes.map(({ pid, because }) => ({ pid, because })),
        [{ pid: member, because: ['group'] }],
      );
    } finally {
      process.kill(member, 'SIGKILL');
    }
  });

  it('reports a zombie and does not count it', async () => {
    // A parent that never reaps: the shell hands its child over to a program that knows nothing of it.
    const parent = spawn('/bin/sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], {
      detached: true,
      env: { PATH: process.env['PATH'], SSW_RUN_ID: 'oracle-c' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(parent);
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const zombie = Number(line.toString());
    const deadline = Date.now() + 10_000;
    // The shell would still reap it.
    while (readFileSync(`/proc/${parent.pid!}/comm`, 'utf8').trim() !== 'sleep') {
      assert.ok(Date.now() < deadline, 'the shell did not hand over');
      await new Promise((resolve) => setImmediate(resolve));
    }
    process.kill(zombie, 'SIGKILL');
    while (!leftovers({ runId: 'oracle-c' }).zombies.some(({ pid }) => pid === zombie)) {
      assert.ok(Date.now() < deadline, 'the zombie was not reported');
    }
    assert.ok(leftovers({ runId: 'oracle-c', pids: [zombie] }).processes.every(({ pid }) => pid !== zombie));
  });

  it('names who listens on a port, at every loopback address that this machine has', async () => {
    const shownAs: Readonly<Record<string, string>> = {
      '127.0.0.1': 'tcp 127.0.0.1',
      '::1': 'tcp6 [0:0:0:0:0:0:0:1]',
    };
    const hosts = Object.values(os.networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .map(({ address }) => address)
      .filter((address) => address in shownAs);
    assert.ok(hosts.includes('127.0.0.1'));
    for (const host of hosts) {
      const { child, line } = await start(
        `const server = require('node:net').createServer().listen(0, '${host}', () => console.log(server.address().port));`,
        {},
      );
      const { ports, clean } = leftovers({ ports: [Number(line)] });
      assert.equal(clean, false);
      assert.deepEqual(
        ports.map(({ address, pids }) => ({ address, pids })),
        [{ address: `${shownAs[host] ?? ''}:${line}`, pids: [child.pid] }],
      );
    }
  });

  it('finds what works below a directory, and nothing beside it', async () => {
    const directory = await mkdtemp(path.join(os.tmpdir(), 'oracle-'));
    try {
      const { child } = await start('console.log("up"); setInterval(() => {}, 1000)', {
        XDG_STATE_HOME: path.join(directory, 'state'),
      });
      assert.deepEqual(
        leftovers({ below: [directory] }).processes.map(({ pid }) => pid),
        [child.pid],
      );
      assert.equal(leftovers({ below: [directory.slice(0, -1)] }).clean, true);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('tells by its exit code', async () => {
    const { child } = await start('console.log("up"); setInterval(() => {}, 1000)', {
      SSW_RUN_ID: 'oracle-d',
    });
    const check = (...words: readonly string[]): ReturnType<typeof spawnSync> =>
      spawnSync(process.execPath, [checker, ...words], { encoding: 'utf8', timeout: 20_000 });
    const found = check('--run', 'oracle-d');
    assert.equal(found.status, 1);
    assert.equal(
      (JSON.parse(String(found.stdout)) as { processes: { pid: number }[] }).processes[0]?.pid,
      child.pid,
    );
    assert.equal(check('--run', 'oracle-e').status, 0);
    assert.equal(check().status, 2);
    assert.equal(check('--port', 'x').status, 2);
    assert.equal(check('--self-test').status, 0);
  });
});
