import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, copyFileSync, cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { RunStatus } from '../../../src/core/deployment/toRunStatus';
import { killQuietly } from '../../../src/core/launch/processIdentity';
import { leftovers } from '../../oracle/leftovers.mjs';
import { processGone } from '../../support/processGone';
import { projectRoot } from '../../support/projectRoot';
import { until } from '../../support/startedRun';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

/** `nobody`: who launches here. */
const user = 65_534;

interface Outcome {
  readonly exitCode: number | null;
  readonly runs: readonly RunStatus[];
  readonly problems?: readonly { readonly code: string; readonly message: string }[];
}

describe('a process that its own launcher may not end, as that of `sudo`', function () {
  this.timeout(60_000);
  let work: WorkDirectory;
  let file: string;

  before(() => {
    assert.equal(process.getuid?.(), 0, 'only root can give a program to another user: run these as root');
  });

  beforeEach(() => {
    work = workDirectory();
    file = path.join(work.path, 'lattice.smartsim.yaml');
    cpSync(path.join(projectRoot, 'dist'), path.join(work.path, 'dist'), { recursive: true });
    const becomesRoot = path.join(work.path, 'become');
    copyFileSync('/usr/bin/setpriv', becomesRoot);
    chmodSync(becomesRoot, 0o4755);
    writeFileSync(
      file,
      `version: 1
experiment: lattice
orchestrator: {port: auto, interface: lo}
models:
  sim: {run_settings: {exe: ${becomesRoot}, exe_args: [--reuid, '0', --clear-groups, sleep, '1000']}}
`,
    );
    chownSync(work.path, user, user);
  });

  afterEach(async () => {
    const found = leftovers({ below: [work.path] }).processes;
    for (const { pid } of found) killQuietly(pid, 'SIGKILL');
    for (const { pid } of found) await processGone(pid);
    work.remove();
    assert.deepEqual(found, []);
  });

  async function ssw(...words: readonly string[]): Promise<Outcome> {
    const child = spawn(process.execPath, [path.join(work.path, 'dist/ssw.js'), ...words, '--json'], {
      cwd: work.path,
      env: { PATH: process.env['PATH'], HOME: work.path, XDG_RUNTIME_DIR: work.path },
      uid: user,
      gid: user,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 50_000,
    });
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    assert.notEqual(out, '', err);
    return { exitCode: child.exitCode, ...(JSON.parse(out) as Omit<Outcome, 'exitCode'>) };
  }

  async function launched(): Promise<{ readonly sim: number; readonly supervisor: number }> {
    const up = await ssw('up', '--detach', file);
    assert.equal(up.exitCode, 0, JSON.stringify(up.problems));
    const sim = up.runs[0]!.models[0]!.pid!;
    const { processes } = leftovers({ runId: up.runs[0]!.id });
    await until('another user', () => leftovers({ pids: [sim] }).processes[0]?.name === 'sleep');
    return { sim, supervisor: processes.find(({ entity }) => entity === undefined)!.pid };
  }

  /** All but that process has ended, and it is named. */
  function assertRefused({ exitCode, problems }: Outcome, sim: number): void {
    assert.equal(exitCode, 1);
    assert.deepEqual(
      problems?.map(({ code }) => code),
      ['processes-not-ended'],
    );
    assert.match(problems[0]!.message, new RegExp(`: sim \\(process ${sim}\\) runs as another user\\.$`));
  }

  it('is named, all else ends, and the run ends by itself when it is gone', async () => {
    const { sim } = await launched();
    const down = await ssw('down', file, '--force');
    assertRefused(down, sim);
    assertRefused(await ssw('down', file), sim);
    const [status] = (await ssw('status', file)).runs;
    assert.equal(status?.phase, 'stopping');
    assert.equal(status.cause?.code, 'processes-not-ended');
    assert.equal(status.orchestrators[0]!.shards[0]!.status, 'Cancelled');
    assert.equal(status.models[0]!.pid, sim);

    process.kill(sim, 'SIGKILL');
    await until('the end of the run', () => leftovers({ below: [work.path] }).clean);
    const [over] = (await ssw('status', file)).runs;
    assert.equal(over?.phase, 'stopped');
    assert.equal(over.cause, undefined);
  });

  it('is named without a supervisor too, and the run is ended when it is gone', async () => {
    const { sim, supervisor } = await launched();
    process.kill(supervisor, 'SIGKILL');
    await processGone(supervisor);
    assertRefused(await ssw('down', file, '--force'), sim);
    assert.equal((await ssw('status', file)).runs[0]?.phase, 'lost');

    process.kill(sim, 'SIGKILL');
    await processGone(sim);
    const down = await ssw('down', file);
    assert.equal(down.exitCode, 0, JSON.stringify(down.problems));
    assert.equal(down.runs[0]?.phase, 'stopped');
  });
});
