import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { leftovers, type LeftoverProcess } from '../../oracle/leftovers.mjs';
import { CommandLine } from '../../support/commandLine';
import { processGone } from '../../support/processGone';
import { random } from '../../support/random';
import type { CliOutcome } from '../../support/runCli';
import { fixtureModel, until } from '../../support/startedRun';

/** `npm run test:kills` asks for more. */
const seeds = Number(process.env['KILL_SEEDS'] ?? 1);
const cancelsOfSeed = 6;
/** Milliseconds within which the command line has adopted the run. */
const adoptTime = 500;

describe('ssw adopt', () => {
  let cli: CommandLine;
  beforeEach(() => {
    cli = new CommandLine();
    cli.experiment({ sim: fixtureModel('wait') });
  });
  afterEach(() => cli.end());

  const living = (): readonly LeftoverProcess[] => leftovers({ below: [cli.work.path] }).processes;

  /** Numbers of the server and the model. */
  const entities = (): readonly number[] =>
    living().flatMap(({ pid, entity }) => (entity === undefined ? [] : [pid]));

  const supervisors = (): readonly LeftoverProcess[] =>
    living().filter(({ argv }) => argv.some((word) => word.endsWith('/supervisor.js')));

  /** How often a supervisor has taken the run over, by its journal. */
  function adoptions(): number {
    const runs = path.join(cli.work.path, 'lattice/.smartsim/workbench');
    const journal = path.join(runs, readdirSync(runs)[0]!, 'journal.jsonl');
    return readFileSync(journal, 'utf8').split('"run-adopted"').length;
  }

  async function killSupervisor(): Promise<void> {
    for (const { pid } of supervisors()) {
      process.kill(pid, 'SIGKILL');
      await processGone(pid);
    }
  }

  async function cancelledAdopt(moment: () => Promise<unknown>): Promise<CliOutcome> {
    const adopt = cli.begin(['adopt', cli.file]);
    await moment();
    adopt.kill('SIGINT');
    return adopt.ended;
  }

  for (let seed = 1; seed <= seeds; seed += 1) {
    it(`cancelled at any moment ends nothing of the run, and says what is true (seed ${seed})`, async () => {
      assert.equal((await cli.ssw('up', '--detach', cli.file)).exitCode, 0);
      const before = entities();
      assert.equal(before.length, 2);
      const next = random(seed);
      let cancelled = 0;
      for (let cancel = 0; cancel < cancelsOfSeed; cancel += 1) {
        await killSupervisor();
        // At the birth of the supervisor, at any time, and when it has begun and cannot be spoken to yet.
        const isByTime = cancel % 2 === 1;
        const wait = isByTime ? next() * adoptTime : 0;
        const adopted = adoptions();
        const { exitCode, out, err } = await cancelledAdopt(async () => {
          if (cancel === 0) await until('a supervisor', () => supervisors().length > 0);
          else if (!isByTime) await until('it has begun', () => adoptions() > adopted);
          await delay(wait);
        });
        const what = `after ${wait} ms: ${String(exitCode)} ${out}${err}`;
        assert.deepEqual(entities(), before, what);
        assert.doesNotMatch(out + err, /launch was cancelled|[Ll]aunch the experiment again/, what);
        const { phase } = await cli.status();
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
      assert.equal((await cli.ssw('down', cli.file)).exitCode, 0);
    }).timeout(120_000);
  }
});
