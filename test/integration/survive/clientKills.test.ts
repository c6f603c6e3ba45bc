import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { killQuietly } from '../../../src/core/launch/processIdentity';
import { leftovers } from '../../oracle/leftovers.mjs';
import { Decoy } from '../../support/decoy';
import { projectRoot } from '../../support/projectRoot';
import { random } from '../../support/random';
import { runCli, type CliOutcome } from '../../support/runCli';
import { fixtureModel, until } from '../../support/startedRun';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

/** `npm run test:kills` asks for more. */
const seeds = Number(process.env['KILL_SEEDS'] ?? 1);
const kills = process.env['KILL_SEEDS'] === undefined ? 4 : 8;
/** Milliseconds within which a launch from the command line is through, and a while more. */
const launchTime = 900;
/** So many of them are interrupted first, and killed while they stop what they have launched. */
const interrupted = 0.25;
/** Milliseconds within which a command line that is interrupted has stopped its run. */
const stopTime = 150;

describe('ssw up', () => {
  let work: WorkDirectory;
  let file: string;
  let environment: Readonly<Record<string, string | undefined>>;
  /** Of another run, with the command line of a model of this one. */
  let stranger: Decoy;
  before(async () => {
    stranger = await Decoy.start({ SSW_RUN_ID: 'another-run', SSW_ENTITY: 'sim' }, fixtureModel('wait'));
  });
  after(() => stranger.end());
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
  async function killedUp(
    words: readonly string[],
    moment: (child: ChildProcess) => Promise<unknown>,
  ): Promise<void> {
    const program = path.join(projectRoot, 'dist/ssw.js');
    const child = spawn(process.execPath, [program, 'up', ...words, file], {
      cwd: work.path,
      env: environment,
      stdio: 'ignore',
    });
    const exit = once(child, 'exit');
    await moment(child);
    child.kill('SIGKILL');
    await exit;
  }

  async function assertDownLeavesNothing(what: string): Promise<void> {
    const down = await ssw('down', file);
    assert.equal(down.exitCode, 0, down.err);
    assert.deepEqual(leftovers({ below: [work.path] }).processes, [], what);
    for (const { phase } of await shown()) assert.match(phase, /^(stopped|failed)$/, what);
    stranger.assertUntouched();
  }

  for (const [how, ...words] of [['detached', '--detach'], ['attached']] as const)
    for (let seed = 1; seed <= seeds; seed += 1)
      it(`${how}, killed at any moment, leaves nothing that \`ssw down\` does not end (seed ${seed})`, async () => {
        const next = random(seed);
        for (let kill = 0; kill < kills; kill += 1) {
          await killedUp(words, async (child) => {
            await delay(next() * launchTime);
            if (next() > interrupted) return;
            child.kill('SIGINT');
            await delay(next() * stopTime);
          });
          await assertDownLeavesNothing(`kill ${kill}`);
        }
      }).timeout(60_000);

  it('killed as soon as it shows its launch, before there is a supervisor, leaves nothing either', async () => {
    const index = path.join(work.path, '.local/state/smartsim-workbench/runs');
    for (let kill = 0; kill < 3; kill += 1) {
      const shownYet = (): boolean =>
        existsSync(index) && readdirSync(index).filter((name) => name.endsWith('.json')).length > kill;
      await killedUp(['--detach'], () => until('the launch is shown', shownYet));
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
