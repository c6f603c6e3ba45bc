import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf, remedyOf, type Problem } from '../../../src/core/base/problem';
import { userDirectories } from '../../../src/core/base/userDirectories';
import type { RunSnapshot } from '../../../src/core/deployment/runSnapshot';
import type { DeploymentPlan } from '../../../src/core/plan/deploymentPlan';
import { readJournal } from '../../../src/core/run/journal';
import { replay } from '../../../src/core/run/runFromJournal';
import { startRun } from '../../../src/core/run/startRun';
import { untilLaunched } from '../../../src/core/run/untilLaunched';
import { freePort } from '../../support/freePort';
import { ownedRun } from '../../support/ownedRun';
import { planOf, withConfiguration, type ModelOf } from '../../support/planOf';
import { silentServer } from '../../support/silentServer';
import {
  assertNothingLeft,
  fixtureModel,
  recordedRuns,
  startedRun,
  startOptions,
  until,
} from '../../support/startedRun';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

describe('bad input', () => {
  let work: WorkDirectory;
  beforeEach(() => {
    work = workDirectory();
  });
  afterEach(() => {
    work.remove();
  });

  /** Launches, expects that it fails, and that nothing is left; the cause. */
  async function failedLaunch(plan: DeploymentPlan): Promise<Problem> {
    const run = await startedRun(plan, work);
    const launched = await untilLaunched(run);
    assert.ok(!launched.ok, 'the launch must fail');
    const [cause] = launched.problems;
    run.dispose();
    await assertNoProcess(plan);
    return wellSaid(cause!);
  }

  async function assertNoProcess(plan: DeploymentPlan): Promise<void> {
    await assertNothingLeft({ ...plan, orchestrators: [] });
  }

  /** Launches a run in which a model fails while the server goes on; the state, after which it is stopped. */
  async function degradedLaunch(model: ModelOf): Promise<RunSnapshot> {
    const plan = planOf({ directory: work.path, port: await freePort(), models: [model] });
    const run = await startedRun(plan, work);
    const launched = await untilLaunched(run);
    assert.ok(launched.ok);
    await until('the model has failed', () => run.snapshot.models[0]!.status === 'Failed');
    const { snapshot } = run;
    await run.stop();
    run.dispose();
    await assertNothingLeft(plan);
    assert.equal(snapshot.phase, 'degraded');
    wellSaid(snapshot.models[0]!.cause!);
    return snapshot;
  }

  /** Every placeholder is filled, and there is advice. */
  function wellSaid(found: Problem): Problem {
    assert.doesNotMatch(messageOf(found), /\{\w+\}/);
    assert.ok(remedyOf(found), found.code);
    assert.doesNotMatch(remedyOf(found)!, /\{\w+\}/);
    return found;
  }

  it('a port that was taken after the check: it says by whom, and everything is rolled back', async () => {
    const holder = silentServer();
    const port = await new Promise<number>((resolve) => {
      holder.listen(0, '127.0.0.1', () => {
        resolve((holder.address() as { port: number }).port);
      });
    });
    try {
      const plan = planOf({
        directory: work.path,
        port,
        models: [{ name: 'sim', argv: fixtureModel('wait') }],
      });
      const cause = await failedLaunch(plan);
      assert.equal(cause.code, 'port-taken');
      assert.equal(cause.args['pid'], process.pid);
      assert.match(messageOf(cause), new RegExp(`Port ${port} of 127\\.0\\.0\\.1 is taken by`));
      assert.deepEqual(cause.place, { file: plan.file, path: ['orchestrator'] });
    } finally {
      holder.close();
    }
  });

  it('a directive that the server refuses: its place in the experiment file', async () => {
    const plan = planOf({ directory: work.path, port: await freePort(), conf: ['hz 10', 'maxclients many'] });
    const cause = await failedLaunch(plan);
    assert.equal(cause.code, 'server-refused-directive');
    assert.deepEqual(cause.place?.path, ['orchestrator', 'conf', 'maxclients']);
    assert.match(cause.evidence!, /maxclients many/);
  });

  it('a server that dies at start: how it ended, with its last lines', async () => {
    const server = path.join(work.path, 'dying-server');
    writeFileSync(server, `#!${process.execPath}\nconsole.log('no memory today'); process.exit(9);\n`);
    chmodSync(server, 0o700);
    const plan = planOf({ directory: work.path, port: await freePort(), server });
    const cause = await failedLaunch(plan);
    assert.equal(cause.code, 'server-died-at-start');
    assert.match(messageOf(cause), /return code 9/);
    assert.match(cause.evidence!, /no memory today/);
  });

  it('a server that never answers: told after the limit, and killed', async () => {
    const plan = planOf({
      directory: work.path,
      port: await freePort(),
      server: path.join(work.path, 'mute'),
    });
    writeFileSync(path.join(work.path, 'mute'), `#!${process.execPath}\nsetInterval(() => {}, 1000);\n`);
    chmodSync(path.join(work.path, 'mute'), 0o700);
    const { owner, recorder, journal } = await ownedRun(plan, () => undefined, {
      answer: 300,
      shutdown: 100,
    });
    await owner.launch();
    await owner.ended;
    journal.close();
    assert.equal(wellSaid(recorder.snapshot.cause!).code, 'server-not-answering');
    assert.equal(recorder.snapshot.phase, 'failed');
    await assertNothingLeft(plan);
  });

  it('a server that asks for a password: its refusal', async () => {
    const plan = planOf({ directory: work.path, port: await freePort() });
    const cause = await failedLaunch(withConfiguration(plan, (text) => text.replace('nopass', '>secret')));
    assert.equal(cause.code, 'server-refuses-us');
    assert.match(messageOf(cause), /NOAUTH/);
  });

  it('a server that is missing', async () => {
    const plan = planOf({
      directory: work.path,
      port: await freePort(),
      server: path.join(work.path, 'none'),
    });
    assert.equal((await failedLaunch(plan)).code, 'program-vanished');
  });

  it('a program that is missing, not executable, or without its interpreter', async () => {
    const missing = await degradedLaunch({ name: 'sim', argv: [path.join(work.path, 'none')] });
    assert.equal(missing.models[0]!.cause!.code, 'program-vanished');
    const file = path.join(work.path, 'program');
    writeFileSync(file, '#!/no/such/interpreter\n');
    const plain = await degradedLaunch({ name: 'sim', argv: [file] });
    assert.equal(plain.models[0]!.cause!.code, 'program-not-executable');
    chmodSync(file, 0o700);
    const lost = await degradedLaunch({ name: 'sim', argv: [file] });
    assert.equal(lost.models[0]!.cause!.code, 'interpreter-missing');
  });

  it('a text that names no interpreter, which a shell would take', async () => {
    const file = path.join(work.path, 'program');
    const trace = path.join(work.path, 'trace');
    writeFileSync(file, `echo a shell was here > ${trace}\n`, { mode: 0o700 });
    const snapshot = await degradedLaunch({ name: 'sim', argv: [file] });
    assert.equal(snapshot.models[0]!.cause!.code, 'program-wrong-format');
    assert.equal(existsSync(trace), false);
  });

  it('arguments that are longer than the system allows', async () => {
    const argv = fixtureModel('echo', 'x'.repeat(200_000), 'y'.repeat(200_000));
    const snapshot = await degradedLaunch({ name: 'sim', argv });
    assert.equal(snapshot.models[0]!.cause!.code, 'arguments-too-long');
  });

  it('a file where the directory of a model should be, and one that vanished', async () => {
    mkdirSync(path.join(work.path, 'lattice'));
    writeFileSync(path.join(work.path, 'lattice/sim'), '');
    const inTheWay = await degradedLaunch({ name: 'sim', argv: fixtureModel('wait') });
    assert.equal(inTheWay.models[0]!.cause!.code, 'not-a-directory');
    rmSync(path.join(work.path, 'lattice/sim'));
    const from = path.join(work.path, 'gone.cfg');
    const to = path.join(work.path, 'lattice/sim/gone.cfg');
    const stage = [{ action: 'copy' as const, from, to, at: ['models', 'sim', 'files', 'to_copy', 0] }];
    const vanished = await degradedLaunch({ name: 'sim', argv: fixtureModel('wait'), stage });
    assert.equal(vanished.models[0]!.cause!.code, 'staged-file-vanished');
    assert.deepEqual(vanished.models[0]!.cause!.place?.path, ['models', 'sim', 'files', 'to_copy', 0]);
  });

  async function refused(plan: DeploymentPlan, more: object = {}): Promise<Problem> {
    const run = await startRun(plan, startOptions(work, more));
    assert.ok(!run.ok, 'it must be refused');
    await assertNoProcess(plan);
    assert.deepEqual(await recordedRuns(work), []);
    return wellSaid(run.problems[0]!);
  }

  it('an experiment directory that cannot be made, because a file is there', async () => {
    writeFileSync(path.join(work.path, 'lattice'), '');
    const found = await refused(planOf({ directory: work.path, port: await freePort() }));
    assert.equal(found.code, 'not-a-directory');
  });

  it('a socket path that is too long', async () => {
    const deep = path.join(work.path, 'd'.repeat(90));
    const directories = {
      ...userDirectories({ HOME: work.path }, 0),
      runtimeCandidates: [path.join(deep, 'ssw-0')],
    };
    const found = await refused(planOf({ directory: work.path, port: await freePort() }), { directories });
    assert.equal(found.code, 'socket-path-too-long');
    assert.match(messageOf(found), /and 100 are allowed/);
  });

  it('a supervisor that cannot be started, or ends early', async () => {
    const plan = (): DeploymentPlan => planOf({ directory: work.path });
    const supervisor = path.join(work.path, 'none.js');
    assert.equal((await refused(plan(), { supervisor })).code, 'supervisor-missing');
    writeFileSync(supervisor, "throw new Error('ends early')");
    const ended = await refused(plan(), { supervisor });
    assert.equal(ended.code, 'supervisor-not-started');
    assert.match(ended.evidence!, /ends early/);
    assert.equal((await refused(plan(), { node: path.join(work.path, 'none') })).code, 'program-vanished');
  });

  it('a request to cancel that comes before the supervisor was started', async () => {
    const plan = planOf({ directory: work.path, port: await freePort() });
    const run = await startRun(plan, startOptions(work, { signal: AbortSignal.abort() }));
    assert.ok(!run.ok);
    assert.equal(run.problems[0]!.code, 'launch-cancelled');
    await assertNothingLeft(plan);
  });

  describe('a disk that is full', () => {
    let disk: string;
    before(() => {
      assert.equal(process.getuid?.(), 0, 'these tests mount a small disk: run them as root, as CI does');
    });
    beforeEach(() => {
      disk = path.join(work.path, 'disk');
      mkdirSync(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]);
    });
    afterEach(() => {
      execFileSync('umount', [disk]);
    });

    /** Takes all room, byte by byte at the end: others may be writing as well. */
    function fill(): void {
      for (const size of [4096, 64, 1]) {
        try {
          for (;;) appendFileSync(path.join(disk, 'filler'), 'x'.repeat(size));
        } catch (error) {
          assert.match(String(error), /ENOSPC/);
        }
      }
    }

    it('is told before anything is started', async () => {
      fill();
      const found = await refused(planOf({ directory: disk, port: await freePort() }));
      assert.equal(found.code, 'disk-full');
    });

    it('during the launch: the launch is given up, and nothing is left', async () => {
      const plan = planOf({
        directory: disk,
        port: await freePort(),
        models: [{ name: 'sim', argv: fixtureModel('wait') }],
      });
      const { owner, recorder, journal } = await ownedRun(plan, ({ name }) => {
        if (name !== 'started') return;
        fill();
        // More than what is left of the page that the journal has begun.
        recorder.record({ type: 'model-restart-requested', model: 'x'.repeat(4096) });
      });
      await owner.launch();
      await owner.ended;
      journal.close();
      assert.equal(recorder.snapshot.phase, 'failed');
      assert.equal(wellSaid(recorder.snapshot.cause!).code, 'journal-failing');
      assert.match(messageOf(recorder.snapshot.cause!), /the disk is full/);
      // The spare room holds how it went on.
      const read = await readJournal(plan.runDirectory);
      assert.ok(read.ok);
      assert.deepEqual(replay(read.value.events), recorder.snapshot);
      await assertNothingLeft(plan);
    });

    it('once launched: the run goes on, and its record is complete when there is room again', async () => {
      const plan = planOf({
        directory: disk,
        port: await freePort(),
        models: [{ name: 'sim', argv: fixtureModel('wait') }],
      });
      const { owner, recorder, journal } = await ownedRun(plan, () => undefined);
      await owner.launch();
      fill();
      recorder.record({ type: 'model-restart-requested', model: 'x'.repeat(8192) });
      assert.equal(recorder.snapshot.phase, 'ready');
      rmSync(path.join(disk, 'filler'));
      await owner.stop();
      journal.close();
      const read = await readJournal(plan.runDirectory);
      assert.ok(read.ok);
      assert.deepEqual([read.value.damaged, read.value.torn], [[], false]);
      assert.deepEqual(replay(read.value.events), recorder.snapshot);
      await assertNothingLeft(plan);
    });
  });
});
