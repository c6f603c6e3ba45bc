import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { clusterGaps, type ClusterGaps } from '../../../src/core/launch/cluster/clusterGaps';
import { reconcileCluster, viewCluster } from '../../../src/core/launch/cluster/reconcileCluster';
import type { FormationStep } from '../../../src/core/launch/cluster/formationSteps';
import type { ShardPlan, SlotRange } from '../../../src/core/plan/deploymentPlan';
import type { ShardAccess } from '../../../src/core/launch/cluster/shardAccess';
import { RedisConnection, type RedisCommand } from '../../../src/core/redis/redisConnection';
import { RedisFailure } from '../../../src/core/redis/redisFailure';
import { checkedPlan } from '../../support/checkedPlan';
import { until } from '../../support/startedRun';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

/** Slots of three shards, an epoch for each, and the meetings of the first with the two others. */
const commands = 3 + 3 + 2;

/** Node timeouts of three shards that nobody forms. */
const lifelong = ['15000', '15000', '15000'];

/** Of the reconciliations that are meant to come to their end, in milliseconds. */
const limit = 15_000;

describe('a half-formed cluster', function () {
  this.timeout(60_000);
  let work: WorkDirectory;
  let shards: readonly ShardPlan[];
  const servers: ChildProcess[] = [];
  const connections = new Map<string, RedisConnection>();

  beforeEach(async () => {
    work = workDirectory();
    const plan = await checkedPlan(
      work,
      'version: 1\nexperiment: wave\norchestrator: {db_nodes: 3, port: auto, ai: none}\n',
    );
    shards = plan.orchestrators[0]!.shards;
    for (const shard of shards) {
      mkdirSync(shard.directory, { recursive: true });
      mkdirSync(path.dirname(shard.configuration.path), { recursive: true });
      // Formed from here, without a supervisor and its user.
      const text = shard.configuration.text.replace(/^user .*\n/gm, '');
      writeFileSync(shard.configuration.path, text);
      const [program = '', ...args] = shard.argv;
      servers.push(spawn(program, args, { cwd: shard.directory, stdio: 'ignore' }));
    }
    for (const shard of shards)
      await until(`${shard.name} answers`, async () => {
        try {
          connections.set(shard.name, await RedisConnection.open(shard, 2000));
          return true;
        } catch {
          return false;
        }
      });
  });
  afterEach(async () => {
    for (const connection of connections.values()) connection.dispose();
    connections.clear();
    for (const server of servers.splice(0)) {
      if (server.exitCode !== null || server.signalCode !== null) continue;
      server.kill('SIGKILL');
      await once(server, 'exit');
    }
    work.remove();
  });

  const access: ShardAccess = (shard, question) => question(connections.get(shard)!);

  /** Lets so many commands that change something through; whoever sends more has lost its servers. */
  function accessFor(
    count: number,
    changing: readonly string[] = ['ADDSLOTSRANGE', 'SET-CONFIG-EPOCH', 'MEET'],
  ): ShardAccess {
    let sent = 0;
    return (shard, question) =>
      access(shard, (connection) => {
        const gated = Object.create(connection) as RedisConnection;
        Reflect.set(gated, 'command', async (...command: RedisCommand) => {
          if (changing.some((word) => command.slice(0, 2).includes(word)) && ++sent > count)
            throw new RedisFailure('gone');
          return connection.command(...command);
        });
        return question(gated);
      });
  }

  /** The node timeout of each server, by redis-cli. */
  function timeouts(): readonly string[] {
    return shards.map(({ port }) => {
      const question = ['-p', String(port), 'CONFIG', 'GET', 'cluster-node-timeout'];
      return execFileSync('redis-cli', question, { encoding: 'utf8' }).trim().split('\n')[1]!;
    });
  }

  /** What redis-cli finds at each server, without our code: its own slots, and whether it knows each other one. */
  function seenByRedis(): { readonly unassigned: readonly SlotRange[]; readonly unmet: readonly string[] } {
    const owned = new Set<number>();
    const unmet: string[] = [];
    for (const knower of shards) {
      const rows = execFileSync('redis-cli', ['-p', String(knower.port), 'CLUSTER', 'NODES'], {
        encoding: 'utf8',
      })
        .trim()
        .split('\n');
      const mine = rows.find((row) => row.includes('myself'))!;
      for (const range of mine.split(' ').slice(8)) {
        const [from = 0, to = from] = range.split('-').map(Number);
        for (let slot = from; slot <= to; slot++) owned.add(slot);
      }
      for (const other of shards) {
        const known = rows.some((row) => row.includes(`:${other.port}@`) && !row.includes('handshake'));
        if (!known) unmet.push(`${knower.name} ${other.name}`);
      }
    }
    const unassigned: [number, number][] = [];
    for (let slot = 0; slot < 16_384; slot++) {
      if (owned.has(slot)) continue;
      const last = unassigned.at(-1);
      if (last?.[1] === slot - 1) last[1] = slot;
      else unassigned.push([slot, slot]);
    }
    return { unassigned, unmet };
  }

  async function inspect(): Promise<ClusterGaps> {
    return clusterGaps(shards, await viewCluster(shards, access));
  }

  async function reconcile(): Promise<{
    readonly gaps?: ClusterGaps;
    readonly steps: readonly FormationStep[];
  }> {
    const steps: FormationStep[] = [];
    const { gaps } = await reconcileCluster(shards, access, {
      limit,
      signal: new AbortController().signal,
      onStep: (step) => steps.push(step),
    });
    return gaps === undefined ? { steps } : { gaps, steps };
  }

  for (let done = 0; done <= commands; done++) {
    it(`whose formation was cut off after ${done} commands says exactly what is missing, and is finished, once`, async () => {
      const cutOff = await reconcileCluster(shards, accessFor(done), {
        limit: 1,
        signal: new AbortController().signal,
      });
      assert.ok(cutOff.gaps, 'nothing can be whole after a millisecond');
      // Meetings go on by themselves; two looks can only be compared when nothing moves.
      let gaps = await inspect();
      let redis = seenByRedis();
      await until('the meetings are over', async () => {
        gaps = await inspect();
        redis = seenByRedis();
        const again = await inspect();
        const still = JSON.stringify(gaps) === JSON.stringify(again);
        return still && (done < commands || redis.unmet.length === 0);
      });
      assert.deepEqual(gaps.unassigned, redis.unassigned);
      assert.deepEqual(
        gaps.unmet.map((pair) => pair.join(' ')),
        redis.unmet,
      );
      assert.deepEqual(
        gaps.unassigned,
        done >= 3 ? [] : [[[0, 16_383]], [[5461, 16_383]], [[10_923, 16_383]]][done],
      );
      assert.deepEqual(gaps.silent, []);

      const finished = await reconcile();
      assert.equal(finished.gaps, undefined);
      assert.deepEqual(seenByRedis(), { unassigned: [], unmet: [] });
      for (const { port } of shards) {
        const told = execFileSync('redis-cli', ['-p', String(port), 'CLUSTER', 'INFO'], { encoding: 'utf8' });
        assert.match(told, /cluster_state:ok/);
      }
      const again = await reconcile();
      assert.equal(again.gaps, undefined);
      assert.deepEqual(again.steps, [], 'on a whole cluster nothing is done');
    });
  }

  it('of which a server is gone says which, and gives up at its limit', async () => {
    servers[2]!.kill('SIGKILL');
    await once(servers[2]!, 'exit');
    const { gaps } = await reconcileCluster(shards, access, {
      limit: 200,
      signal: new AbortController().signal,
    });
    assert.deepEqual(gaps?.silent, [shards[2]!.name]);
    assert.deepEqual(gaps.unassigned, shards[2]!.slots);
  });

  it('of which a server is lost in the last step is not called ready', async () => {
    const { gaps } = await reconcileCluster(shards, accessFor(3 + 2, ['CONFIG']), {
      limit: 3000,
      signal: new AbortController().signal,
    });
    assert.deepEqual(gaps, { silent: [], unassigned: [], unmet: [], disagreeing: [] });
    assert.ok(timeouts().includes('1000'));
    assert.deepEqual(await reconcile(), { steps: [] });
    assert.deepEqual(timeouts(), lifelong);
  });

  it('is left while it is waited for', async () => {
    const enough = new AbortController();
    const reason = new Error('enough');
    const given = reconcileCluster(shards, access, { limit, signal: enough.signal });
    const [{ port }] = shards as [ShardPlan];
    const known = (): string =>
      execFileSync('redis-cli', ['-p', String(port), 'CLUSTER', 'NODES'], { encoding: 'utf8' });
    await until('all slots are given', () => known().includes('0-5460'));
    enough.abort(reason);
    await assert.rejects(given, reason);
  });

  it('is left at once when that is asked for', async () => {
    const enough = new AbortController();
    const reason = new Error('enough');
    const given = reconcileCluster(shards, access, {
      limit,
      signal: enough.signal,
      onStep: () => {
        enough.abort(reason);
      },
    });
    await assert.rejects(given, reason);
  });

  it('is left at once also while a shard gives no answer', async () => {
    const enough = new AbortController();
    const reason = new Error('enough');
    let asked = false;
    const stuck: ShardAccess = (shard, question) => {
      if (shard !== shards[1]!.name) return access(shard, question);
      asked = true;
      return new Promise(() => undefined);
    };
    const given = reconcileCluster(shards, stuck, { limit, signal: enough.signal });
    await until('the shard is asked', () => asked);
    enough.abort(reason);
    await assert.rejects(given, reason);
  });

  describe('suspects shards sooner only while it is formed', () => {
    for (const [how, withinMs, leave] of [
      ['it is whole', limit, false],
      ['it is given up', 1, false],
      ['it is left', limit, true],
    ] as const)
      it(`and not when ${how}`, async () => {
        assert.deepEqual(timeouts(), lifelong, 'before');
        const enough = new AbortController();
        const during: string[] = [];
        const reconciled = reconcileCluster(shards, access, {
          limit: withinMs,
          signal: enough.signal,
          onStep: ({ kind }) => {
            if (kind !== 'meet') return;
            during.push(...timeouts());
            if (leave) enough.abort(new Error('enough'));
          },
        });
        await (leave ? assert.rejects(reconciled, /enough/) : reconciled);
        assert.deepEqual(new Set(during), new Set(['1000']));
        assert.deepEqual(timeouts(), lifelong);
      });

    it('and not at all for the silence of a shard', async () => {
      await reconcile();
      const set: string[] = [];
      const watched: ShardAccess = (shard, question) =>
        access(shard, (connection) => {
          if (shard === shards[1]!.name) throw new RedisFailure('silent');
          const watching = Object.create(connection) as RedisConnection;
          Reflect.set(watching, 'command', async (...command: RedisCommand) => {
            if (command[0] === 'CONFIG') set.push(command.join(' '));
            return connection.command(...command);
          });
          return question(watching);
        });
      const { gaps } = await reconcileCluster(shards, watched, {
        limit: 200,
        signal: new AbortController().signal,
      });
      assert.deepEqual(gaps?.silent, [shards[1]!.name]);
      assert.deepEqual(set, []);
    });
  });
});
