import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../../src/core/base/problem';
import type { ShardSnapshot } from '../../../src/core/deployment/runSnapshot';
import type { Run } from '../../../src/core/run/run';
import { asSupervisor } from '../../support/asSupervisor';
import { checkedPlan } from '../../support/checkedPlan';
import { slotOf } from '../../support/slotOf';
import { until } from '../../support/startedRun';
import { StartedRuns } from '../../support/startedRuns';

const text = `version: 1
experiment: wave
orchestrator: {db_nodes: 3, port: auto}
models:
  sleeps: {run_settings: {exe: sleep, exe_args: ["600"]}}
`;

/** One cluster is formed, damaged in all these ways, and mended; redis-cli says independently how it is. */
describe('the health of a cluster', function () {
  this.timeout(60_000);
  let runs: StartedRuns;
  let run: Run;

  before(async () => {
    runs = new StartedRuns();
    run = await runs.launch(await checkedPlan(runs.work, text));
  });
  after(() => runs.end());

  function shard(index: number): ShardSnapshot {
    const found = run.snapshot.orchestrators[0]?.shards[index];
    assert.ok(found);
    return found;
  }

  function redis(index: number, ...command: readonly string[]): string {
    return asSupervisor(run.snapshot.runDirectory, shard(index).port, ...command);
  }

  /** By Redis' own tool. */
  function isWholeForRedis(): boolean {
    try {
      const { host, port } = shard(0);
      const told = execFileSync('redis-cli', ['--cluster', 'check', `${host}:${port}`], { encoding: 'utf8' });
      return told.includes('All nodes agree') && told.includes('All 16384 slots covered');
    } catch {
      return false;
    }
  }

  async function untilDamaged(words: RegExp): Promise<void> {
    await until(`the damage ${words.source}`, async () => {
      await run.measure();
      const { cause } = run.snapshot;
      return cause?.code === 'cluster-damaged' && words.test(messageOf(cause));
    });
    assert.equal(run.snapshot.orchestrators[0]?.phase, 'degraded');
  }

  async function untilWhole(): Promise<void> {
    await until('the cluster is whole', async () => {
      await run.measure();
      return run.snapshot.phase === 'ready' && isWholeForRedis();
    });
    assert.equal(run.snapshot.cause, undefined);
  }

  it('is told with the slots of each shard, and that each says it serves', async () => {
    await run.measure();
    assert.deepEqual(
      [0, 1, 2].map((index) => [shard(index).slots, shard(index).clusterState]),
      [
        [[[0, 5460]], 'ok'],
        [[[5461, 10_922]], 'ok'],
        [[[10_923, 16_383]], 'ok'],
      ],
    );
    assert.ok(isWholeForRedis());
    assert.equal(run.snapshot.phase, 'ready');
  });

  it('is left as it is by a repair while it is whole', async () => {
    const before = redis(0, 'CLUSTER', 'NODES').split('\n').sort();
    assert.ok((await run.repair('orchestrator')).ok);
    const after = redis(0, 'CLUSTER', 'NODES').split('\n').sort();
    const stable = (lines: readonly string[]): readonly string[] =>
      lines.map((line) => [line.split(' ')[0], ...line.split(' ').slice(6)].join(' '));
    assert.deepEqual(stable(after), stable(before));
    assert.equal((await run.repair('other')).problems[0]?.code, 'no-such-cluster');
  });

  it('lacks exactly the slots that a shard has lost, and gets them back, by a repair that can be repeated', async () => {
    redis(1, 'CLUSTER', 'DELSLOTSRANGE', '6000', '6099', '7000', '7000');
    await untilDamaged(/slots 6000-6099, ?7000/);
    const repaired = await run.repair('orchestrator');
    assert.ok(repaired.ok, repaired.problems.map(messageOf).join());
    assert.ok((await run.repair('orchestrator')).ok);
    await untilWhole();
  });

  it('lacks a peer that was forgotten', async () => {
    const forgotten = redis(2, 'CLUSTER', 'MYID');
    redis(0, 'CLUSTER', 'FORGET', forgotten);
    await untilDamaged(/orchestrator_0 does not know orchestrator_2/);
    // Gossip may bring it back by itself; a repair does no harm then.
    const repaired = await run.repair('orchestrator');
    assert.ok(repaired.ok, repaired.problems.map(messageOf).join());
    await untilWhole();
  });

  it('is not said to be mended while it is whole for moments', async () => {
    const forgotten = redis(2, 'CLUSTER', 'MYID');
    redis(0, 'CLUSTER', 'FORGET', forgotten);
    let answered = false;
    const repair = run.repair('orchestrator').finally(() => (answered = true));
    // As newer servers do to each other for a minute.
    for (let times = 0; times < 3; times++) {
      await until('it is whole for a moment', isWholeForRedis);
      await delay(1000);
      assert.equal(answered, false);
      redis(0, 'CLUSTER', 'FORGET', forgotten);
    }
    assert.ok((await repair).ok);
    assert.ok(isWholeForRedis());
  });

  describe("with a slot that is another shard's than the plan says", () => {
    const slot = '100';
    const key = keyOf(Number(slot));
    let ids: readonly string[];
    before(() => {
      ids = [0, 1, 2].map((index) => redis(index, 'CLUSTER', 'MYID'));
    });

    /** Has the shards say, one after another, whose the slot is. */
    function say(owner: number, ...tellers: readonly number[]): void {
      for (const index of tellers)
        assert.equal(redis(index, 'CLUSTER', 'SETSLOT', slot, 'NODE', ids[owner]!), 'OK');
    }

    async function repaired(): Promise<void> {
      for (let twice = 0; twice < 2; twice++) {
        const answer = await run.repair('orchestrator');
        assert.ok(answer.ok, answer.problems.map(messageOf).join());
      }
      await untilWhole();
    }

    it('as one shard says: that one is told better, and no key is lost', async () => {
      assert.equal(redis(0, 'SET', key, 'kept'), 'OK');
      say(1, 2);
      await untilDamaged(/another table of slots at orchestrator_2/);
      assert.equal(shard(0).cause, undefined, 'the others are right');
      await repaired();
      assert.equal(redis(0, 'GET', key), 'kept');
      assert.equal(redis(0, 'DEL', key), '1');
    });

    it('as two say of each other: it is given back to the one of the plan', async () => {
      say(1, 0);
      await untilDamaged(/slots 100 belong to no shard/);
      await repaired();
    });

    it('as all say: it goes back, since it holds no keys', async () => {
      say(1, 1, 0, 2);
      await untilDamaged(/another table of slots at orchestrator_0, orchestrator_1, orchestrator_2/);
      await repaired();
    });

    it('as all say: it stays while it holds keys, and goes back without them', async () => {
      say(1, 1, 0, 2);
      assert.equal(redis(1, 'SET', key, 'kept'), 'OK');
      const refused = await run.repair('orchestrator');
      assert.deepEqual(
        refused.problems.map(({ code, args }) => [code, args['slots'], args['holders']]),
        [['cluster-slots-elsewhere', slot, 'orchestrator_1']],
      );
      assert.equal(redis(1, 'GET', key), 'kept');
      assert.match(redis(1, 'CONFIG', 'GET', 'cluster-node-timeout'), /\n15000$/);
      assert.equal(redis(1, 'DEL', key), '1');
      await repaired();
    });
  });

  it('loses a shard with its process, and has it back by a restart, with its name and its slots', async () => {
    const id = redis(1, 'CLUSTER', 'MYID');
    process.kill(shard(1).identity!.pid, 'SIGKILL');
    await until('shard 1 has failed', () => shard(1).status === 'Failed');
    assert.equal(run.snapshot.orchestrators[0]?.phase, 'degraded');
    const refused = await run.repair('orchestrator');
    assert.equal(refused.problems[0]?.code, 'cluster-lacks-shards');
    assert.match(refused.problems.map(messageOf).join(), /orchestrator_1/);
    const restarted = await run.restart('orchestrator_1');
    assert.ok(restarted.ok, restarted.problems.map(messageOf).join());
    assert.equal(redis(1, 'CLUSTER', 'MYID'), id);
    assert.deepEqual(shard(1).slots, [[5461, 10_922]]);
    await untilWhole();
  });

  it('has a shard restarted while it becomes whole after the restart of another', async () => {
    const journal = path.join(run.snapshot.runDirectory, 'journal.jsonl');
    const formations = (): number => readFileSync(journal, 'utf8').split('"cluster-forming"').length;
    const before = formations();
    const first = run.restart('orchestrator_0');
    await until('the cluster is being mended', () => formations() > before);
    // It takes two seconds from here before the first serves.
    for (const restarted of [await run.restart('orchestrator_1'), await first])
      assert.ok(restarted.ok, restarted.problems.map(messageOf).join());
    await untilWhole();
  });

  it('suspects no shard sooner for a restart, also while another one is gone', async () => {
    const nodeTimeout = (index: number): string =>
      redis(index, 'CONFIG', 'GET', 'cluster-node-timeout').split('\n')[1] ?? '';
    process.kill(shard(2).identity!.pid, 'SIGKILL');
    await until('shard 2 has failed', () => shard(2).status === 'Failed');
    assert.ok((await run.restart('orchestrator_1')).ok);
    assert.deepEqual([0, 1].map(nodeTimeout), ['15000', '15000']);
    assert.ok((await run.restart('orchestrator_2')).ok);
    assert.deepEqual([0, 1, 2].map(nodeTimeout), ['15000', '15000', '15000']);
    await untilWhole();
  });
});

/** Some key of a slot. */
function keyOf(slot: number): string {
  for (let trial = 0; ; trial++) if (slotOf(`key${trial}`) === slot) return `key${trial}`;
}
