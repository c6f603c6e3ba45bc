import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { leftovers } from '../../oracle/leftovers.mjs';
import { Decoy } from '../../support/decoy';
import { random } from '../../support/random';
import { CommandLine, runsOf } from '../../support/commandLine';
import type { BegunCli } from '../../support/runCli';
import { fixtureModel, until } from '../../support/startedRun';

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
  let cli: CommandLine;
  /** Of another run, with the command line of a model of this one. */
  let stranger: Decoy;
  before(async () => {
    stranger = await Decoy.start({ SSW_RUN_ID: 'another-run', SSW_ENTITY: 'sim' }, fixtureModel('wait'));
  });
  after(() => stranger.end());
  beforeEach(() => {
    cli = new CommandLine();
    cli.experiment({ sim: fixtureModel('wait') });
  });
  afterEach(() => cli.end());

  /** Launches, and kills the command line when the moment has come. */
  async function killedUp(
    words: readonly string[],
    moment: (up: BegunCli) => Promise<unknown>,
  ): Promise<void> {
    const up = cli.begin(['up', ...words, cli.file]);
    await moment(up);
    up.kill('SIGKILL');
    await up.ended;
  }

  async function assertDownLeavesNothing(what: string): Promise<void> {
    const down = await cli.ssw('down', cli.file);
    assert.equal(down.exitCode, 0, down.err);
    assert.deepEqual(leftovers({ below: [cli.work.path] }).processes, [], what);
    for (const { phase } of runsOf(await cli.ssw('status', '--json')))
      assert.match(phase, /^(stopped|failed)$/, what);
    stranger.assertUntouched();
  }

  for (const [how, ...words] of [['detached', '--detach'], ['attached']] as const)
    for (let seed = 1; seed <= seeds; seed += 1)
      it(`${how}, killed at any moment, leaves nothing that \`ssw down\` does not end (seed ${seed})`, async () => {
        const next = random(seed);
        for (let kill = 0; kill < kills; kill += 1) {
          await killedUp(words, async (up) => {
            await delay(next() * launchTime);
            if (next() > interrupted) return;
            up.kill('SIGINT');
            await delay(next() * stopTime);
          });
          await assertDownLeavesNothing(`kill ${kill}`);
        }
      }).timeout(60_000);

  it('killed as soon as it shows its launch, before there is a supervisor, leaves nothing either', async () => {
    const index = path.join(cli.work.path, '.local/state/smartsim-workbench/runs');
    for (let kill = 0; kill < 3; kill += 1) {
      const shownYet = (): boolean =>
        existsSync(index) && readdirSync(index).filter((name) => name.endsWith('.json')).length > kill;
      await killedUp(['--detach'], () => until('the launch is shown', shownYet));
      await assertDownLeavesNothing(`kill ${kill}`);
    }
  }).timeout(60_000);

  it('said twice at the same moment launches once, and all agree on the run', async () => {
    for (let round = 0; round < 3; round += 1) {
      const both = await Promise.all([
        cli.ssw('up', '--detach', cli.file),
        cli.ssw('up', '--detach', cli.file),
      ]);
      assert.deepEqual(
        both.map(({ exitCode }) => exitCode).sort(),
        [0, 1],
        both.map(({ err }) => err).join(),
      );
      const states = await Promise.all([cli.ssw('status', '--json'), cli.ssw('status', cli.file, '--json')]);
      assert.equal(
        states[0].out.replace(/"usedMemory":\d+,"clients":\d+/g, ''),
        states[1].out.replace(/"usedMemory":\d+,"clients":\d+/g, ''),
      );
      assert.equal(runsOf(states[0]).length, 1);
      assert.equal((await cli.ssw('down', cli.file)).exitCode, 0);
    }
  }).timeout(60_000);
});
