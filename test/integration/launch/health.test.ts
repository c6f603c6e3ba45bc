import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../../src/core/base/problem';
import type { Result } from '../../../src/core/base/result';
import type { ShardSnapshot } from '../../../src/core/deployment/runSnapshot';
import type { DeploymentPlan } from '../../../src/core/plan/deploymentPlan';
import type { Run } from '../../../src/core/run/run';
import { SupervisorClient } from '../../../src/core/run/supervisorClient';
import { asSupervisor } from '../../support/asSupervisor';
import { freePort } from '../../support/freePort';
import { processGone } from '../../support/processGone';
import { silentServer } from '../../support/silentServer';
import { fixtureModel, until, untilRunIs } from '../../support/startedRun';
import { StartedRuns } from '../../support/startedRuns';
import { planOfShards } from '../../support/shardsOf';

/** Seconds for which a shard is stopped; the long form of the test (TEST_LONG=1) takes a minute. */
const stoppedFor = process.env['TEST_LONG'] === '1' ? 60 : 5;

describe('the health of shards', () => {
  let runs: StartedRuns;
  let plan: DeploymentPlan;
  let run: Run;
  const stopped: number[] = [];

  beforeEach(() => {
    runs = new StartedRuns();
  });
  afterEach(async () => {
    for (const pid of stopped.splice(0)) signal(pid, 'SIGCONT');
    await runs.end();
  });

  async function launch(count: number, conf: readonly string[] = []): Promise<void> {
    const ports: number[] = [];
    while (ports.length < count) {
      const port = await freePort();
      if (!ports.includes(port)) ports.push(port);
    }
    const models = [{ name: 'sim', argv: fixtureModel('wait') }];
    plan = planOfShards({ directory: runs.work.path, models, conf }, ports);
    run = await runs.launch(plan);
  }

  function shard(index: number): ShardSnapshot {
    const found = run.snapshot.orchestrators[0]?.shards[index];
    assert.ok(found);
    return found;
  }

  function stop(index: number): void {
    const { pid } = shard(index).identity!;
    stopped.push(pid);
    signal(pid, 'SIGSTOP');
  }

  function redis(index: number, ...args: readonly string[]): string {
    return execFileSync('redis-cli', ['-p', String(shard(index).port), ...args], { encoding: 'utf8' }).trim();
  }

  it('tells a killed shard by its end, at once and with its cause, while the others serve', async () => {
    await launch(3);
    signal(shard(1).identity!.pid, 'SIGKILL');
    await untilRunIs(run, 'shard 1 has failed', () => shard(1).status === 'Failed');
    assert.equal(shard(1).cause?.code, 'server-ended');
    assert.equal(shard(1).signal, 'SIGKILL');
    assert.equal(run.snapshot.orchestrators[0]?.phase, 'degraded');
    await run.measure();
    assert.equal(shard(1).notAnsweringSince, undefined);
    assert.equal(shard(0).keys, 0);
    assert.equal(redis(2, 'SET', 'a', '1'), 'OK');
  });

  it('never takes a stopped shard for a dead one: it does not answer, and later answers again', async function () {
    this.timeout((stoppedFor + 20) * 1000);
    await launch(3);
    await run.measure();
    stop(2);
    const before = Date.now();
    await run.measure();
    const since = shard(2).notAnsweringSince;
    assert.ok(since !== undefined && since >= before && since <= Date.now());
    assert.equal(shard(2).status, 'Running');
    assert.equal(shard(2).cause?.code, 'shard-not-answering');
    assert.equal(shard(2).usedMemory, undefined, 'no figure of before passes for one of now');
    assert.equal(run.snapshot.orchestrators[0]?.phase, 'degraded');
    assert.equal(run.snapshot.phase, 'degraded');
    assert.equal(run.snapshot.cause?.args['shard'], 'orchestrator_2');
    assert.ok(shard(0).usedMemory !== undefined && shard(1).usedMemory !== undefined);

    const end = performance.now() + stoppedFor * 1000;
    while (performance.now() < end) {
      await run.measure();
      assert.equal(shard(2).status, 'Running');
      assert.equal(shard(2).notAnsweringSince, since, 'the moment stays that of the first silence');
      await delay(200);
    }
    signal(shard(2).identity!.pid, 'SIGCONT');
    await run.measure();
    await untilAnswered(2);
    assert.equal(shard(2).cause, undefined);
    assert.equal(shard(2).keys, 0);
    assert.equal(run.snapshot.orchestrators[0].phase, 'ready');
    assert.equal(run.snapshot.phase, 'ready');
    assert.equal(run.snapshot.cause, undefined);
  });

  it('keeps at most one connection to a shard that does not answer, and one when it is back', async () => {
    await launch(1);
    await run.measure();
    const { pid } = run.snapshot.supervisor!;
    const connections = (): number => socketsOf(pid);
    const before = connections();
    stop(0);
    for (let looks = 0; looks < 4; looks += 1) await run.measure();
    await until('the silent connections are closed', () => connections() <= before);
    signal(shard(0).identity!.pid, 'SIGCONT');
    await untilAnswered(0);
    await until('the old connections are closed', () => connections() === before);
    await until(
      'the server has let go',
      () => Number(/connected_clients:(\d+)/.exec(redis(0, 'INFO', 'clients'))![1]) === 2,
    );
  });

  it('answers the status of a run with a stopped shard, and measures the others for it', async () => {
    await launch(3);
    stop(0);
    const client = await SupervisorClient.connect(run.snapshot.socket ?? '');
    assert.ok(client);
    try {
      // A supervisor that waited for the shard would answer none of these within the client's own limit.
      const answers = await Promise.all(Array.from({ length: 50 }, () => client.status()));
      for (const answer of answers) {
        assert.ok(answer.ok);
        const [first, second] = answer.value.run.orchestrators[0]?.shards ?? [];
        assert.notEqual(first?.notAnsweringSince, undefined);
        assert.equal(second?.keys, 0);
      }
    } finally {
      client.dispose();
    }
  });

  it('asks a shard a bounded number of questions, however many refreshes there are', async () => {
    await launch(1);
    asSupervisor(run.snapshot.runDirectory, shard(0).port, 'CONFIG', 'RESETSTAT');
    const began = performance.now();
    let asked = 0;
    const connect = async (): Promise<SupervisorClient> => {
      const client = await SupervisorClient.connect(run.snapshot.socket ?? '');
      assert.ok(client);
      return client;
    };
    const clients = [await connect(), await connect(), await connect()];
    const answers: Promise<Result<object>>[] = [];
    while (asked < 10_000) {
      for (let burst = 0; burst < 100; burst += 1) answers.push(clients[burst % 3]!.measure());
      asked += 100;
      await delay(Math.max(0, began + asked / 10 - performance.now()));
    }
    for (const { ok } of await Promise.all(answers)) assert.ok(ok);
    for (const client of clients) client.dispose();
    const seconds = (performance.now() - began) / 1000;
    const calls = Number(/cmdstat_info:calls=(\d+)/.exec(redis(0, 'INFO', 'commandstats'))![1]);
    // A look is three INFO, ten times a second at most; one look is under way at the end and one waits.
    const most = 3 * (seconds * 10 + 2);
    assert.ok(
      calls >= 3 && calls <= most,
      `${calls} calls for ${asked} refreshes in ${seconds} s, ${most} at most`,
    );
  });

  it('tells that a shard does not let its supervisor in any more, and takes it for neither dead nor busy', async () => {
    await launch(1);
    const admin = (...command: readonly string[]): string =>
      asSupervisor(run.snapshot.runDirectory, shard(0).port, ...command);
    assert.equal(admin('ACL', 'SETUSER', 'ssw', '-info'), 'OK');
    await run.measure();
    assert.equal(shard(0).status, 'Running');
    assert.equal(shard(0).cause?.code, 'shard-refuses-access');
    assert.match(messageOf(shard(0).cause!), /NOPERM/);
    assert.equal(shard(0).notAnsweringSince, undefined);
    assert.equal(admin('ACL', 'SETUSER', 'ssw', '+info'), 'OK');
    await run.measure();
    assert.equal(shard(0).cause, undefined);
  });

  it('tells that a shard refuses writes, and that it takes them again', async () => {
    await launch(1, ['maxmemory 3mb']);
    redis(0, 'SETRANGE', 'big', '4000000', 'x');
    assert.match(redis(0, 'SET', 'a', '1'), /OOM/);
    await run.measure();
    assert.equal(shard(0).refusingWrites, true);
    assert.equal(shard(0).cause?.code, 'shard-refuses-writes');
    assert.equal(shard(0).status, 'Running');
    assert.equal(run.snapshot.phase, 'degraded');
    assert.equal(shard(0).keys, 1);
    redis(0, 'FLUSHALL');
    await run.measure();
    assert.equal(shard(0).refusingWrites, undefined);
    assert.equal(run.snapshot.phase, 'ready');
    assert.equal(redis(0, 'SET', 'a', '1'), 'OK');
  });

  describe('when a shard is restarted', () => {
    const types = (): readonly string[] =>
      readFileSync(path.join(plan.runDirectory, 'journal.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line.slice(17)) as { event: { type: string } }).event.type);

    it('brings back a killed one on its port and in its directory, and makes the orchestrator ready again', async () => {
      await launch(3);
      const { port, identity } = shard(1);
      signal(identity!.pid, 'SIGKILL');
      await untilRunIs(run, 'shard 1 has failed', () => shard(1).status === 'Failed');
      const restarted = await run.restart('orchestrator_1');
      assert.ok(restarted.ok, JSON.stringify(restarted.problems));
      await untilRunIs(run, 'it is ready', () => run.snapshot.phase === 'ready');
      assert.equal(shard(1).status, 'Running');
      assert.equal(shard(1).cause, undefined);
      assert.equal(shard(1).port, port);
      assert.notEqual(shard(1).identity!.pid, identity!.pid);
      assert.equal(run.snapshot.orchestrators[0]?.phase, 'ready');
      assert.equal(
        redis(1, 'CONFIG', 'GET', 'dir').split('\n')[1],
        plan.orchestrators[0]!.shards[1]!.directory,
      );
      await run.measure();
      assert.equal(shard(1).keys, 0);
      assert.deepEqual(
        types()
          .filter((type) => !type.startsWith('end-'))
          .slice(-6),
        [
          'process-exited',
          'shard-restart-requested',
          'process-intended',
          'process-started',
          'shard-answered',
          'orchestrator-ready',
        ],
      );
    });

    it('brings back the only one, although the orchestrator had failed', async () => {
      await launch(1);
      signal(shard(0).identity!.pid, 'SIGKILL');
      await untilRunIs(run, 'it has failed', () => run.snapshot.orchestrators[0]?.phase === 'failed');
      assert.ok((await run.restart('orchestrator_0')).ok);
      await untilRunIs(run, 'it is ready', () => run.snapshot.phase === 'ready');
      assert.equal(redis(0, 'PING'), 'PONG');
    });

    it('ends one that runs first, even if it is stopped and cannot listen', async () => {
      await launch(1);
      redis(0, 'SET', 'a', '1');
      const { pid } = shard(0).identity!;
      stop(0);
      const [one, other] = await Promise.all([run.restart('orchestrator_0'), run.restart('orchestrator_0')]);
      assert.ok(one.ok && other.ok, JSON.stringify([one.problems, other.problems]));
      await processGone(pid);
      stopped.pop();
      assert.equal(redis(0, 'DBSIZE'), '0');
      await untilRunIs(run, 'it is ready', () => run.snapshot.phase === 'ready');
      assert.equal(types().filter((type) => type === 'shard-restart-requested').length, 1);
    });

    it('tells why one cannot come back, and keeps the rest', async () => {
      await launch(3);
      signal(shard(1).identity!.pid, 'SIGKILL');
      await untilRunIs(run, 'shard 1 has failed', () => shard(1).status === 'Failed');
      const holder = silentServer().listen(shard(1).port, '127.0.0.1');
      try {
        const restarted = await run.restart('orchestrator_1');
        assert.match(restarted.problems.map(messageOf).join(), /uses that port|is used by|process/);
        assert.equal(shard(1).status, 'Failed');
        assert.equal(run.snapshot.orchestrators[0]?.phase, 'degraded');
      } finally {
        holder.close();
      }
      assert.ok((await run.restart('orchestrator_1')).ok);
    });

    it('is refused with words where there is nothing to restart', async () => {
      await launch(1);
      const unknown = await run.restart('orchestrator_7');
      assert.equal(unknown.problems[0]?.code, 'no-such-model');
      assert.match(unknown.problems.map(messageOf).join(), /no model or shard orchestrator_7/);
      await run.stop();
      assert.equal((await run.restart('orchestrator_0')).problems[0]?.code, 'run-not-live');
    });

    it('leaves nothing behind when the run is stopped in the middle of it', async () => {
      await launch(3);
      const restarting = run.restart('orchestrator_2');
      await until('it has begun', () => types().includes('shard-restart-requested'));
      assert.ok((await run.stop()).ok);
      await restarting;
      await runs.assertNothingLeft();
    });
  });

  async function untilAnswered(index: number): Promise<void> {
    await until(`shard ${index} answers again`, async () => {
      await run.measure();
      return shard(index).notAnsweringSince === undefined;
    });
  }
});

function signal(pid: number, name: NodeJS.Signals): void {
  process.kill(pid, name);
}

/** TCP sockets of a process that were connected, whatever has become of them. */
function socketsOf(pid: number): number {
  const ofSystem = new Set(
    readFileSync('/proc/net/tcp', 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/)[9]),
  );
  return readdirSync(`/proc/${pid}/fd`)
    .map((descriptor) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1];
      } catch {
        return undefined;
      }
    })
    .filter((inode) => inode !== undefined && ofSystem.has(inode)).length;
}
