import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { asSupervisor } from '../../support/asSupervisor';
import { runCli, type CliOutcome } from '../../support/runCli';
import { fixtureModel, recordedRuns, until } from '../../support/startedRun';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

describe('the secret of a run', function () {
  this.timeout(60_000);
  let work: WorkDirectory;
  let file: string;
  /** All that was said to the user. */
  let said: string[];

  beforeEach(() => {
    work = workDirectory();
    said = [];
    file = path.join(work.path, 'lattice.smartsim.yaml');
    const [exe, ...args] = fixtureModel('wait');
    writeFileSync(
      file,
      `version: 1
experiment: lattice
launcher: local
orchestrator: {port: auto, interface: lo, db_nodes: 3}
models: {sim: {run_settings: {exe: ${JSON.stringify(exe)}, exe_args: ${JSON.stringify(args)}}}}
`,
    );
  });

  afterEach(async () => {
    await ssw('down', '--force', file);
    work.remove();
  });

  async function ssw(...words: readonly string[]): Promise<CliOutcome> {
    const environment = {
      ...process.env,
      HOME: work.path,
      XDG_RUNTIME_DIR: work.path,
      XDG_STATE_HOME: undefined,
      XDG_DATA_HOME: undefined,
      // What developers of models set: libraries print all that they are told then.
      DEBUG: '*',
      NODE_DEBUG: 'net,http,child_process',
    };
    const outcome = await runCli(words, { directory: work.path, environment });
    said.push(outcome.out, outcome.err);
    return outcome;
  }

  /** Files, processes and messages that hold it, besides its own file. */
  function found(secret: string, own: string): readonly string[] {
    const files = readdirSync(work.path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.path, entry.name))
      .filter((name) => name !== own && holds(name, secret));
    const processes = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`])
      .filter((name) => holds(name, secret));
    return [...files, ...processes, ...said.filter((text) => text.includes(secret))];
  }

  it('is in its own file and nowhere else, whatever the run goes through', async () => {
    const up = await ssw('up', '--detach', file);
    assert.equal(up.exitCode, 0, up.err);
    const [record] = await recordedRuns(work);
    const { runDirectory } = record!;
    const own = path.join(runDirectory, 'secret');
    const secret = readFileSync(own, 'latin1');
    assert.match(secret, /^[0-9a-f]{64}$/);
    const status = await ssw('status', '--json');
    const { runs } = JSON.parse(status.out) as {
      runs: { orchestrators: { shards: { port: number }[] }[] }[];
    };
    const { port } = runs[0]!.orchestrators[0]!.shards[0]!;
    asSupervisor(runDirectory, port, 'SAVE');
    await ssw('restart', file, 'orchestrator_1');
    await ssw('logs', 'orchestrator_0', file);
    await ssw('plan', file);
    assert.deepEqual(found(secret, own), []);
    const down = await ssw('down', file);
    assert.equal(down.exitCode, 0, down.err);
    assert.deepEqual(found(secret, own), []);
  });

  it('would be found in a file, an argument or the environment of a process', async () => {
    const secret = 'f'.repeat(40) + String(process.pid);
    const planted = path.join(work.path, 'planted');
    writeFileSync(planted, `x${secret}y`);
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', secret], {
      env: { PLANTED: secret },
      stdio: 'ignore',
    });
    try {
      const expected = [planted, `/proc/${child.pid}/cmdline`, `/proc/${child.pid}/environ`];
      await until('the program of the child', () => found(secret, '').length === expected.length);
      assert.deepEqual(found(secret, ''), expected);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });
});

function holds(name: string, secret: string): boolean {
  try {
    return readFileSync(name, 'latin1').includes(secret);
  } catch {
    // Gone meanwhile, or a process of the kernel.
    return false;
  }
}
