import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { leftovers, type LeftoverProcess } from '../../oracle/leftovers.mjs';
import { processGone } from '../../support/processGone';
import { projectRoot } from '../../support/projectRoot';
import { random } from '../../support/random';
import { runCli, type CliOutcome } from '../../support/runCli';
import { fixtureModel } from '../../support/startedRun';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

/** `npm run test:kills` asks for more. */
const seeds = Number(process.env['KILL_SEEDS'] ?? 1);
const cancelsOfSeed = 12;
/** Milliseconds within which the command line listens to signals, and within which it has adopted the run. */
const earliest = 60;
const latest = 500;

describe('ssw adopt', () => {
  let work: WorkDirectory;
  let file: string;
  let environment: Readonly<Record<string, string | undefined>>;
  beforeEach(() => {
    work = workDirectory();
    file = path.join(work.path, 'lattice.smartsim.yaml');
    const [exe, ...args] = fixtureModel('wait');
    const settings = JSON.stringify({ exe, exe_args: args });
    writeFileSync(
      file,
      `version: 1\nexperiment: lattice\nlauncher: local\norchestrator: {port: auto, interface: lo}\nmodels:\n  sim:\n    run_settings: ${settings}\n`,
    );
    environment = {
      ...process.env,
      HOME: work.path,
      XDG_RUNTIME_DIR: work.path,
      XDG_STATE_HOME: undefined,
      XDG_DATA_HOME: undefined,
      TMPDIR: work.path,
    };
  });
  afterEach(() => {
    const found = leftovers({ below: [work.path] }).processes;
    for (const { pid } of found) process.kill(pid, 'SIGKILL');
    work.remove();
    assert.deepEqual(found, []);
  });

  const ssw = (...words: readonly string[]): Promise<CliOutcome> =>
    runCli(words, { directory: work.path, environment });

  const living = (): readonly LeftoverProcess[] => leftovers({ below: [work.path] }).processes;

  /** Numbers of the server and the model. */
  const entities = (): readonly number[] =>
    living().flatMap(({ pid, entity }) => (entity === undefined ? [] : [pid]));

  async function killSupervisor(): Promise<void> {
    for (const { pid, entity } of living()) {
      if (entity !== undefined) continue;
      process.kill(pid, 'SIGKILL');
      await processGone(pid);
    }
  }

  async function cancelledAdopt(moment: number): Promise<CliOutcome> {
    const program = path.join(projectRoot, 'dist/ssw.js');
    const child = spawn(process.execPath, [program, 'adopt', file], {
      cwd: work.path,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const closed = once(child, 'close');
    const told = Promise.all([text(child.stdout), text(child.stderr)]);
    await delay(moment);
    child.kill('SIGINT');
    await closed;
    const [out, err] = await told;
    return { exitCode: child.exitCode, out, err };
  }

  for (let seed = 1; seed <= seeds; seed += 1) {
    it(`cancelled at any moment ends nothing of the run, and says what is true (seed ${seed})`, async () => {
      assert.equal((await ssw('up', '--detach', file)).exitCode, 0);
      const before = entities();
      assert.equal(before.length, 2);
      const next = random(seed);
      let cancelled = 0;
      for (let cancel = 0; cancel < cancelsOfSeed; cancel += 1) {
        await killSupervisor();
        const moment = earliest + next() * (latest - earliest);
        const { exitCode, out, err } = await cancelledAdopt(moment);
        const what = `at ${moment} ms: ${String(exitCode)} ${out}${err}`;
        assert.deepEqual(entities(), before, what);
        assert.doesNotMatch(out + err, /launch was cancelled|[Ll]aunch the experiment again/, what);
        const { phase } = (
          JSON.parse((await ssw('status', file, '--json')).out) as { runs: { phase: string }[] }
        ).runs[0]!;
        if (exitCode === 130) {
          cancelled += 1;
          assert.match(err, /take-over of lattice .* was cancelled/, what);
          for (const pid of before) assert.match(err, new RegExp(`\\(process ${pid}\\)`), what);
        }
        // Before it listened to signals it was ended by this one.
        assert.ok(exitCode === 130 || exitCode === 0 || exitCode === null, what);
        assert.equal(phase, exitCode === 0 ? 'ready' : 'lost', what);
      }
      assert.ok(cancelled > 0, 'some came in time');
      assert.equal((await ssw('down', file)).exitCode, 0);
    }).timeout(60_000);
  }
});
