import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { killQuietly } from '../../../src/core/launch/processIdentity';
import { leftovers } from '../../oracle/leftovers.mjs';
import { projectRoot } from '../../support/projectRoot';
import { random } from '../../support/random';
import { runCli, type CliOutcome } from '../../support/runCli';
import { fixtureModel, until } from '../../support/startedRun';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

/** `npm run test:kills` asks for more. */
const seeds = Number(process.env['KILL_SEEDS'] ?? 1);
const killsOfSeed = 8;
/** Milliseconds within which a launch from the command line is through. */
const launchTime = 600;

describe('ssw up', () => {
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
    for (const { pid } of found) killQuietly(pid, 'SIGKILL');
    work.remove();
    assert.deepEqual(found, []);
  });

  const ssw = (...words: readonly string[]): Promise<CliOutcome> =>
    runCli(words, { directory: work.path, environment });

  /** States of all runs that `ssw status` shows. */
  async function shown(): Promise<readonly { phase: string }[]> {
    return (JSON.parse((await ssw('status', '--json')).out) as { runs: { phase: string }[] }).runs;
  }

  /** Launches, and kills the command line when the moment has come. */
  async function killedUp(moment: () => Promise<unknown>): Promise<void> {
    const program = path.join(projectRoot, 'dist/ssw.js');
    const child = spawn(process.execPath, [program, 'up', '--detach', file], {
      cwd: work.path,
      env: environment,
      stdio: 'ignore',
    });
    const exit = once(child, 'exit');
    await moment();
    child.kill('SIGKILL');
    await exit;
  }

  async function assertDownLeavesNothing(what: string): Promise<void> {
    const down = await ssw('down', file);
    assert.equal(down.exitCode, 0, down.err);
    assert.deepEqual(leftovers({ below: [work.path] }).processes, [], what);
    for (const { phase } of await shown()) assert.match(phase, /^(stopped|failed)$/, what);
  }

  for (let seed = 1; seed <= seeds; seed += 1) {
    it(`killed at any moment leaves nothing that \`ssw down\` does not end (seed ${seed})`, async () => {
      const next = random(seed);
      for (let kill = 0; kill < killsOfSeed; kill += 1) {
        await killedUp(() => delay(next() * launchTime));
        await assertDownLeavesNothing(`kill ${kill}`);
      }
    }).timeout(60_000);
  }

  it('killed as soon as it shows its launch, before there is a supervisor, leaves nothing either', async () => {
    const index = path.join(work.path, '.local/state/smartsim-workbench/runs');
    for (let kill = 0; kill < 3; kill += 1) {
      const shownYet = (): boolean =>
        existsSync(index) && readdirSync(index).filter((name) => name.endsWith('.json')).length > kill;
      await killedUp(() => until('the launch is shown', shownYet));
      await assertDownLeavesNothing(`kill ${kill}`);
    }
  }).timeout(60_000);

  it('said twice at the same moment launches once, and all agree on the run', async () => {
    for (let round = 0; round < 3; round += 1) {
      const both = await Promise.all([ssw('up', '--detach', file), ssw('up', '--detach', file)]);
      assert.deepEqual(
        both.map(({ exitCode }) => exitCode).sort(),
        [0, 1],
        both.map(({ err }) => err).join(),
      );
      const states = await Promise.all([ssw('status', '--json'), ssw('status', file, '--json')]);
      assert.equal(
        states[0].out.replace(/"usedMemory":\d+,"clients":\d+/g, ''),
        states[1].out.replace(/"usedMemory":\d+,"clients":\d+/g, ''),
      );
      assert.equal((JSON.parse(states[0].out) as { runs: unknown[] }).runs.length, 1);
      assert.equal((await ssw('down', file)).exitCode, 0);
    }
  }).timeout(60_000);
});
