import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs, {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import files from 'node:fs/promises';
import path from 'node:path';
import { messageOf, remedyOf } from '../../../src/core/base/problem';
import type { RunEvent } from '../../../src/core/deployment/runEvents';
import type { RunSnapshot } from '../../../src/core/deployment/runSnapshot';
import type { ProcessIdentity } from '../../../src/core/launch/launchEvents';
import { identify } from '../../../src/core/launch/processIdentity';
import type { DeploymentPlan } from '../../../src/core/plan/deploymentPlan';
import { adoptRun } from '../../../src/core/run/adoptRun';
import { journalText, parseJournal } from '../../../src/core/run/journal';
import { openRun } from '../../../src/core/run/openRun';
import type { Run } from '../../../src/core/run/run';
import { createRunDirectory } from '../../../src/core/run/runDirectory';
import type { RunRecord } from '../../../src/core/run/runRecord';
import { startRun } from '../../../src/core/run/startRun';
import { CommandLine } from '../../support/commandLine';
import { Decoy } from '../../support/decoy';
import { freePort } from '../../support/freePort';
import { assertShownTruly, assertVerdicts, journaled, onlyRecord } from '../../support/killedRun';
import { leftoversOf } from '../../support/leftovers';
import { planOf, type ModelOf } from '../../support/planOf';
import { processGone } from '../../support/processGone';
import { random } from '../../support/random';
import { fixtureModel, modelOf, startOptions, untilRunIs } from '../../support/startedRun';
import { killSupervisor, StartedRuns } from '../../support/startedRuns';

describe('a run whose supervisor was killed', () => {
  let runs: StartedRuns;
  let plan: DeploymentPlan;
  beforeEach(() => {
    runs = new StartedRuns();
  });
  afterEach(() => runs.end());

  /** Launched, and its supervisor killed; gives its record. */
  async function lost(...models: readonly ModelOf[]): Promise<RunRecord> {
    plan = planOf({ directory: runs.work.path, port: await freePort(), models });
    const run = await runs.launch(plan);
    run.dispose();
    await killSupervisor(run);
    return (await onlyRecord(runs.work))!;
  }

  async function adopt(record: RunRecord): Promise<Run> {
    const run = await adoptRun(record, startOptions(runs.work));
    assert.ok(run.ok, run.problems.map(messageOf).join());
    return runs.keep(run.value);
  }

  async function open(record: RunRecord): Promise<Run> {
    return runs.keep(await openRun(record));
  }

  const sim: ModelOf = { name: 'sim', argv: fixtureModel('wait') };

  /** Asked to end, and ended, with return codes that nobody saw and without a cause. */
  function assertCancelledUnseen({ orchestrators, models }: RunSnapshot): void {
    for (const ended of [...orchestrators[0]!.shards, ...models]) {
      const { status, returnCode, cause } = ended;
      assert.deepEqual(
        { status, returnCode, cause },
        { status: 'Cancelled', returnCode: null, cause: undefined },
      );
    }
  }

  /** Without the plan nothing of a record can be believed; gives its text. */
  function damageFirstLine(): string {
    const journal = path.join(plan.runDirectory, 'journal.jsonl');
    const damaged = readFileSync(journal, 'utf8').replace('lattice', 'latticf');
    writeFileSync(journal, damaged);
    return damaged;
  }

  describe('and that is adopted', () => {
    it('goes on: it is measured, a model is started again, and it is stopped', async () => {
      const run = await adopt(await lost(sim));
      assert.equal(run.snapshot.phase, 'ready');
      await run.measure();
      assert.equal(run.snapshot.orchestrators[0]!.shards[0]!.keys, 0);
      const before = modelOf(run, 'sim').identity!;
      assert.ok((await run.restart('sim')).ok);
      await untilRunIs(run, 'sim runs again', () => modelOf(run, 'sim').identity!.pid !== before.pid);
      process.kill(modelOf(run, 'sim').identity!.pid, 'SIGKILL');
      await untilRunIs(run, 'its end is seen', () => modelOf(run, 'sim').status === 'Failed');
      assert.equal(modelOf(run, 'sim').cause?.code, 'model-failed', 'this one was its child');
      const stopped = await run.stop();
      assert.ok(stopped.ok);
      await assertVerdicts(plan.runDirectory);
    });

    it('gives no cause to the ends that were asked for, whose return codes nobody saw', async () => {
      const run = await adopt(await lost(sim));
      const stopped = await run.stop();
      assert.ok(stopped.ok);
      assertCancelledUnseen(stopped.value);
    });

    it('shows ends that nobody saw as such, of models and of servers, and ends by itself', async () => {
      const run = await adopt(await lost(sim));
      const { pid } = run.snapshot.orchestrators[0]!.shards[0]!.identity!;
      process.kill(pid, 'SIGKILL');
      await untilRunIs(run, 'the end of the server', () => run.snapshot.orchestrators[0]!.phase === 'failed');
      const [shard] = run.snapshot.orchestrators[0]!.shards;
      assert.equal(shard!.returnCode, null);
      assert.equal(shard!.cause?.code, 'end-unseen');
      assert.match(remedyOf(shard!.cause)!, new RegExp(`Read ${plan.orchestrators[0]!.shards[0]!.out} and`));
      process.kill(modelOf(run, 'sim').identity!.pid, 'SIGKILL');
      await untilRunIs(run, 'the run is over', () => run.snapshot.endedAt !== undefined && !run.live);
      assert.equal(modelOf(run, 'sim').returnCode, null);
      assert.equal(modelOf(run, 'sim').cause?.code, 'end-unseen');
      assert.equal(run.snapshot.phase, 'failed');
    });

    it('starts what waited for an end, or says why not', async () => {
      const exits = [
        '-e',
        "process.once('SIGUSR2', () => process.exit(0)); setInterval(() => undefined, 1000)",
      ];
      const record = await lost(
        { name: 'first', argv: [process.execPath, ...exits] },
        { ...sim, dependsOn: [{ model: 'first', condition: 'completed' }] },
      );
      const run = await adopt(record);
      assert.equal(modelOf(run, 'sim').status, 'New');
      process.kill(modelOf(run, 'first').identity!.pid, 'SIGKILL');
      await untilRunIs(run, 'sim is skipped', () => modelOf(run, 'sim').status === 'NeverStarted');
      assert.match(messageOf(modelOf(run, 'sim').cause!), /first, which ended unseen/);
    });

    it('by several at the same moment: one does, and all have it', async () => {
      const record = await lost(sim);
      const all = await Promise.all([adopt(record), adopt(record), adopt(record)]);
      for (const run of all) assert.ok(run.live && run.snapshot.phase === 'ready');
      const adoptions = (await journaled(plan.runDirectory)).filter(({ type }) => type === 'run-adopted');
      assert.equal(adoptions.length, 1);
      // The others have ended.
      await untilRunIs(all[0], 'one supervisor', () => leftoversOf(plan.runId).length === 3);
    });
  });

  it('is ended by several at the same moment, in order and once', async () => {
    const record = await lost(sim);
    const all = await Promise.all([open(record), open(record), open(record)]);
    for (const stopped of await Promise.all(all.map((run) => run.stop()))) {
      assert.ok(stopped.ok, stopped.problems.map(messageOf).join());
      assert.equal(stopped.value.phase, 'stopped');
      assertCancelledUnseen(stopped.value);
    }
    await assertVerdicts(plan.runDirectory);
  });

  it('is ended although the first line of its record is damaged; the damaged record is kept', async () => {
    const record = await lost(sim, { name: 'bare', argv: ['/usr/bin/env', '-i', ...fixtureModel('wait')] });
    const damaged = damageFirstLine();
    writeFileSync(path.join(plan.runDirectory, 'journal.damaged.1.jsonl'), 'of an earlier time');
    const run = await open(record);
    assert.equal(run.snapshot.cause?.code, 'journal-unreadable');
    const again = await startRun(planOf({ directory: runs.work.path }), startOptions(runs.work));
    assert.equal(again.problems[0]?.code, 'run-left-over');
    const bare = /"name":"bare"},"identity":.*?"pid":(\d+)/.exec(damaged)![1];
    const stopped = await run.stop();
    assert.ok(stopped.ok, stopped.problems.map(messageOf).join());
    assert.equal(stopped.value.phase, 'failed');
    assert.deepEqual(leftoversOf(plan.runId), []);
    // It had no marker: a line of the damaged record names it.
    assert.equal(existsSync(`/proc/${bare!}/exe`), false);
    assert.equal(readFileSync(path.join(plan.runDirectory, 'journal.damaged.2.jsonl'), 'utf8'), damaged);
    assert.equal(
      readFileSync(path.join(plan.runDirectory, 'journal.damaged.1.jsonl'), 'utf8'),
      'of an earlier time',
    );
    await assertVerdicts(plan.runDirectory);
  });

  it('is told as such by the commands that need a supervisor', async () => {
    const { file } = await lost(sim);
    const cli = new CommandLine(runs.work);
    for (const words of [
      ['restart', file, 'sim'],
      ['repair', file],
    ]) {
      const { exitCode, err } = await cli.ssw(...words);
      assert.equal(exitCode, 1);
      assert.match(err, /ended without stopping it, and these still run: .*sim/, words[0]);
      assert.match(err, /ssw adopt/);
    }
    const run = await open((await onlyRecord(runs.work))!);
    assert.equal((await run.restart('sim')).problems[0]?.code, 'supervisor-lost');
    assert.ok((await run.stop()).ok);
    assert.equal((await run.restart('sim')).problems[0]?.code, 'run-not-live');
  });

  for (const gone of ['', 'journal.jsonl']) {
    it(`is ended although ${gone || 'its directory'} was removed, and can be launched again then`, async () => {
      const record = await lost(sim);
      rmSync(path.join(plan.runDirectory, gone), { recursive: true });
      const run = await open(record);
      const next = planOf({ directory: runs.work.path, models: [sim], runId: '20991231T235959-0001' });
      const again = await startRun(next, startOptions(runs.work));
      assert.equal(again.problems[0]?.code, 'run-left-over');
      const stopped = await run.stop();
      assert.ok(stopped.ok, stopped.problems.map(messageOf).join());
      assert.equal(stopped.value.phase, 'failed');
      assert.deepEqual(leftoversOf(plan.runId), []);
      const launched = await startRun(next, startOptions(runs.work));
      assert.ok(launched.ok);
      runs.keep(launched.value);
    });
  }

  it('is ended although its record cannot be read; that is closed when it can again', async () => {
    const record = await lost(sim);
    const { readFile } = files;
    const failing = (file: string, ...rest: []): Promise<Buffer> => {
      if (file.startsWith(plan.runDirectory)) throw Object.assign(new Error('EIO'), { code: 'EIO' });
      return readFile(file, ...rest);
    };
    files.readFile = failing as typeof readFile;
    const run = await open(record);
    try {
      assert.equal((await run.stop()).problems[0]?.code, 'end-unrecorded');
      assert.deepEqual(leftoversOf(plan.runId), []);
      assert.equal((await run.stop()).problems[0]?.code, 'file-failed', 'nothing is left to be ended');
    } finally {
      files.readFile = readFile;
    }
    assert.ok((await run.stop()).ok);
    await assertVerdicts(plan.runDirectory);
  });

  it('is not ended while its directory is away and its supervisor, who cannot be spoken to, lives', async () => {
    plan = planOf({ directory: runs.work.path, models: [sim] });
    const live = await runs.launch(plan);
    live.dispose();
    const record = (await onlyRecord(runs.work))!;
    const { pid } = live.snapshot.supervisor!;
    process.kill(pid, 'SIGSTOP');
    rmSync(record.socket!);
    const away = `${plan.runDirectory}.away`;
    renameSync(plan.runDirectory, away);
    const run = await open(record);
    const refused = await run.stop();
    assert.equal(refused.problems[0]?.code, 'supervisor-unreachable');
    assert.equal(refused.problems[0].args['pid'], pid);
    assert.equal(leftoversOf(plan.runId).length, 2);
    renameSync(away, plan.runDirectory);
    assert.ok((await (await open(record)).stop()).ok);
  });

  for (const record of ['whole', 'damaged']) {
    it(`is ended on a full disk, where no owner can be written, with a ${record} record; that is closed when there is room again`, async () => {
      assert.equal(process.getuid?.(), 0, 'this test mounts a small disk: run it as root, as CI does');
      const disk = path.join(runs.work.path, 'lattice');
      mkdirSync(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
      try {
        const found = await lost(sim);
        rmSync(path.join(plan.runDirectory, 'journal.spare'));
        if (record === 'damaged') damageFirstLine();
        const filler = path.join(disk, 'filler');
        assert.throws(() => {
          for (;;) appendFileSync(filler, 'x'.repeat(4096));
        }, /ENOSPC/);
        const run = await open(found);
        const unrecorded = await run.stop();
        assert.equal(unrecorded.problems[0]?.code, 'end-unrecorded');
        assert.match(unrecorded.problems[0].evidence ?? '', /the disk is full/);
        assert.deepEqual(leftoversOf(plan.runId), []);
        rmSync(filler);
        assert.ok((await run.stop()).ok);
        await assertVerdicts(plan.runDirectory);
      } finally {
        execFileSync('umount', [disk]);
      }
    });
  }

  it('is recorded with the process that was born when it was killed, and is ended with it', async () => {
    plan = planOf({ directory: runs.work.path, models: [sim] });
    runs.expect(plan);
    assert.equal(await createRunDirectory(plan), undefined);
    const entity = { kind: 'model' as const, name: 'sim' };
    const identity = { ...identify(process.pid)!, startTime: '1' };
    const events: readonly RunEvent[] = [
      { type: 'run-planned', plan },
      { type: 'supervisor-started', identity, socket: path.join(runs.work.path, 's'), version: '0' },
      { type: 'process-intended', entity, argv: sim.argv },
    ];
    const text = journalText(
      events.map((event, index) => ({ sequence: index + 1, at: 0, elapsedMs: 0, event })),
    );
    writeFileSync(path.join(plan.runDirectory, 'journal.jsonl'), text);
    // For a moment it has the environment of its supervisor, as between fork and exec.
    const program = 'sleep 0.5; SSW_ENTITY=sim exec sleep 60';
    const born = spawn('/bin/sh', ['-c', program], {
      env: { PATH: process.env['PATH'], SSW_RUN_ID: plan.runId },
      detached: true,
      stdio: 'ignore',
    });
    const { runId: id, experiment, file, runDirectory, host } = plan;
    const run = await open({ version: 1, id, experiment, file, runDirectory, host, createdAt: 0 });
    assert.match(messageOf(run.snapshot.cause!), new RegExp(`unnamed .process ${born.pid}.`));
    assert.ok((await run.stop()).ok);
    const started = (await journaled(runDirectory)).find(({ type }) => type === 'process-started');
    assert.equal(started?.type === 'process-started' && started.identity.pid, born.pid);
    await assertVerdicts(runDirectory);
  });

  describe('with a record that is forged', () => {
    let decoy: Decoy;
    beforeEach(async () => {
      decoy = await Decoy.start();
    });
    afterEach(() => decoy.end());

    /** A run of which only a record is left, in which a process of ours stands for its model. */
    async function forged(identity: ProcessIdentity, owner: ProcessIdentity, format = 1): Promise<RunRecord> {
      plan = planOf({ directory: runs.work.path, models: [sim] });
      runs.expect(plan);
      assert.equal(await createRunDirectory(plan), undefined);
      const entity = { kind: 'model' as const, name: 'sim' };
      const events: readonly RunEvent[] = [
        { type: 'run-planned', plan },
        { type: 'supervisor-started', identity: owner, socket: path.join(runs.work.path, 's'), version: '0' },
        { type: 'process-intended', entity, argv: sim.argv },
        { type: 'process-started', entity, identity },
        { type: 'launch-finished' },
      ];
      const text = journalText(
        events.map((event, index) => ({ sequence: index + 1, at: 0, elapsedMs: 0, event })),
      );
      const journal = path.join(plan.runDirectory, 'journal.jsonl');
      writeFileSync(journal, text);
      if (format !== 1) writeFileSync(journal, newerText(new TextDecoder().decode(text), format));
      return {
        version: 1,
        id: plan.runId,
        experiment: 'lattice',
        file: plan.file,
        runDirectory: plan.runDirectory,
        host: 'here',
        createdAt: 0,
      };
    }

    const gone = { ...identify(process.pid)!, startTime: '1' };

    it('never signals a stranger who has the number of a process by now', async () => {
      const record = await forged({ ...identify(decoy.pid)!, startTime: '2' }, gone);
      assert.equal((await assertShownTruly(record)).cause?.code, 'run-lost');
      assert.ok((await (await open(record)).stop()).ok);
      decoy.assertUntouched();
      await assertVerdicts(plan.runDirectory);
    });

    it('the control: one whose identity agrees in all is signalled', async () => {
      const record = await forged(identify(decoy.pid)!, gone);
      const ended = (await open(record)).stop({ force: true });
      await processGone(decoy.pid);
      assert.ok((await ended).ok);
      assert.throws(() => {
        decoy.assertUntouched();
      }, /was killed/);
    });

    it('is not ended while nobody can read who owns it', async () => {
      const record = await forged(identify(decoy.pid)!, gone);
      const run = await open(record);
      const { readdirSync: list } = fs;
      fs.readdirSync = ((folder: string, ...rest: []) => {
        if (folder === record.runDirectory) throw Object.assign(new Error('EMFILE'), { code: 'EMFILE' });
        return list(folder, ...rest);
      }) as typeof fs.readdirSync;
      try {
        const refused = await run.stop();
        assert.equal(refused.problems[0]?.code, 'owner-unreadable');
      } finally {
        fs.readdirSync = list;
      }
      decoy.assertUntouched();
    });

    it('is of another host or a newer version: it is shown, and neither ended nor adopted', async () => {
      const elsewhere = { ...gone, hostId: 'x', bootId: 'y' };
      for (const [record, code] of [
        [await forged(identify(decoy.pid)!, elsewhere), 'run-on-another-host'],
        [await forgedAgain(2), 'journal-too-new'],
      ] as const) {
        const before = readdirSync(record.runDirectory);
        const run = await openRun(record);
        assert.equal(run.snapshot.models[0]!.status, 'Running');
        assert.equal((await run.stop()).problems[0]?.code, code);
        assert.equal((await adoptRun(record, startOptions(runs.work))).problems[0]?.code, code);
        decoy.assertUntouched();
        assert.deepEqual(
          readdirSync(record.runDirectory).filter((name) => !name.startsWith('owner')),
          before,
        );
      }
    });

    function forgedAgain(format: number): Promise<RunRecord> {
      return forged(identify(decoy.pid)!, gone, format);
    }

    it('is ended from whatever is left of its record, cut at any byte or with any bit flipped', async () => {
      const record = await forged({ ...gone, startTime: '3' }, gone);
      const journal = path.join(plan.runDirectory, 'journal.jsonl');
      const whole = new Uint8Array(readFileSync(journal));
      const next = random(14);
      for (let round = 0; round < 60; round += 1) {
        const bytes = Uint8Array.from(whole);
        const at = Math.floor(next() * bytes.length);
        if (round % 2 === 1) bytes[at]! ^= 1 << Math.floor(next() * 8);
        writeFileSync(journal, round % 2 === 0 ? bytes.subarray(0, at) : bytes);
        const run = await openRun(record);
        const stopped = run.snapshot.phase === 'planned' ? undefined : await run.stop();
        if (stopped === undefined) continue;
        assert.ok(stopped.ok, `round ${round}: ${stopped.problems.map(messageOf).join()}`);
        const content = parseJournal(journal, new Uint8Array(readFileSync(journal)));
        assert.ok(content.ok);
        assert.equal(content.value.events.at(-1)?.event.type, 'run-ended');
      }
      decoy.assertUntouched();
    }).timeout(60_000);
  });
});

/** The same journal as a later version would have begun it. */
function newerText(text: string, format: number): string {
  const [first = '', ...rest] = text.split('\n');
  const changed = first.slice(17).replace('"format":1', `"format":${format}`);
  return [`${checksum(changed)} ${changed}`, ...rest].join('\n');
}

function checksum(text: string): string {
  return execFileSync('sha256sum', { input: text, encoding: 'utf8' }).slice(0, 16);
}
