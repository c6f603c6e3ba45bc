import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { Server } from 'node:net';
import path from 'node:path';
import { messageOf } from '../../../src/core/base/problem';
import type { RunSnapshot, ShardSnapshot } from '../../../src/core/deployment/runSnapshot';
import type { LaunchStep } from '../../../src/core/launch/launchContext';
import type { DeploymentPlan, ShardPlan } from '../../../src/core/plan/deploymentPlan';
import { openRun } from '../../../src/core/run/openRun';
import { untilLaunched } from '../../../src/core/run/untilLaunched';
import type { RunOwner } from '../../../src/supervisor/runOwner';
import { asSupervisor } from '../../support/asSupervisor';
import { checkedPlan } from '../../support/checkedPlan';
import { ownedRun } from '../../support/ownedRun';
import { projectRoot } from '../../support/projectRoot';
import { silentServer } from '../../support/silentServer';
import { slotOf } from '../../support/slotOf';
import { recordedRuns, until } from '../../support/startedRun';
import { StartedRuns } from '../../support/startedRuns';

const echo = path.join(projectRoot, 'test/fixtures/models/echo.mjs');
const three = 'version: 1\nexperiment: wave\norchestrator: {db_nodes: 3, port: auto}\n';

/** How upstream divides the slots among three. */
const ranges = [[[0, 5460]], [[5461, 10_922]], [[10_923, 16_383]]] as const;

describe('a cluster', function () {
  this.timeout(60_000);
  let runs: StartedRuns;
  let plan: DeploymentPlan;
  beforeEach(() => {
    runs = new StartedRuns();
  });
  afterEach(() => runs.end());

  /** Plans the experiment; nothing may be left of it at the end of the test. */
  async function planned(text: string): Promise<DeploymentPlan> {
    plan = await checkedPlan(runs.work, text);
    runs.expect(plan);
    return plan;
  }

  function shardPlans(orchestrator = 0): readonly ShardPlan[] {
    return plan.orchestrators[orchestrator]!.shards;
  }

  function redis(port: number, ...args: readonly string[]): string {
    return execFileSync('redis-cli', ['-p', String(port), ...args], { encoding: 'utf8' }).trim();
  }

  it('serves all slots when it is ready, as every node says for itself, and tells models all addresses', async () => {
    const models = `models:
  sim: {run_settings: {exe: ${process.execPath}, exe_args: [${echo}], env_vars: {ECHO: SSDB SR_DB_TYPE}}}
`;
    const run = await runs.start(await planned(three + models));
    const phases: string[] = [run.snapshot.orchestrators[0]!.phase];
    const watching = run.onDidChange(({ snapshot }) => phases.push(snapshot.orchestrators[0]!.phase));
    const launched = await untilLaunched(run);
    watching.dispose();
    assert.ok(launched.ok, launched.problems.map(messageOf).join());
    assert.ok(phases.includes('forming'), phases.join());

    const [orchestrator] = run.snapshot.orchestrators;
    assert.equal(orchestrator?.phase, 'ready');
    assert.deepEqual(
      orchestrator.shards.map(({ name, slots }) => [name, slots]),
      ranges.map((range, index) => [`orchestrator_${index}`, range]),
    );
    for (const { port, busPort, slots, directory } of shardPlans()) {
      const rows = redis(port, 'CLUSTER', 'NODES').split('\n');
      const table = rows.map((row) => {
        const [, address, flags, , , , , link, ...owned] = row.split(' ');
        return [address, flags?.replace('myself,', ''), link, owned.join()].join(' ');
      });
      assert.deepEqual(
        table.sort(),
        shardPlans().map((shard) => {
          const [[from, to]] = shard.slots as readonly [readonly [number, number]];
          return `127.0.0.1:${shard.port}@${shard.busPort} master connected ${from}-${to}`;
        }),
      );
      const epochs = rows.map((row) => row.split(' ')[6]);
      assert.equal(new Set(epochs).size, 3, epochs.join());
      assert.match(redis(port, 'CLUSTER', 'INFO'), /cluster_state:ok/);
      assert.match(redis(port, 'CONFIG', 'GET', 'cluster-node-timeout'), /15000$/);
      assert.equal(redis(port, 'DBSIZE'), '0', 'what was written to see whether it serves is gone');
      assert.ok(existsSync(path.join(directory, 'nodes.conf')) && directory.startsWith(plan.runDirectory));
      assert.equal(busPort, port + 10_000);
      assert.equal(slots.length, 1);
    }
    const [{ port }] = shardPlans() as [ShardPlan];
    for (const key of ['tensor_1', 'foo', 'x', 'step.1', 'step.2']) {
      assert.equal(redis(port, '-c', 'SET', key, `of ${key}`), 'OK');
      assert.equal(redis(port, '-c', 'GET', key), `of ${key}`);
    }

    const sim = (): RunSnapshot['models'][number] => run.snapshot.models[0]!;
    await until('sim is completed', () => sim().status === 'Completed');
    const { environment } = JSON.parse(readFileSync(sim().out, 'utf8')) as { environment: unknown };
    const addresses = shardPlans().map((shard) => `127.0.0.1:${shard.port}`);
    assert.deepEqual(environment, { SSDB: addresses.join(','), SR_DB_TYPE: 'Clustered' });

    const [record] = await recordedRuns(runs.work);
    const second = await openRun(record!);
    runs.keep(second);
    assert.deepEqual(second.snapshot, run.snapshot);

    const stopped = await run.stop();
    assert.ok(stopped.ok);
    assert.deepEqual(
      stopped.value.orchestrators[0]!.shards.map(({ status, returnCode }) => [status, returnCode]),
      [1, 2, 3].map(() => ['Cancelled', 0]),
    );
  });

  it('stands beside another orchestrator: each has ports, shards and variables of its own', async () => {
    const port = shardPort();
    const run = await runs.launch(
      await planned(`version: 1
experiment: wave
orchestrators:
  fields: {db_nodes: 3, port: ${port}}
  control: {port: ${port + 1}}
models:
  sim:
    run_settings:
      exe: ${process.execPath}
      exe_args: [${echo}]
      env_vars: {ECHO: SSDB SSDB_fields SR_DB_TYPE_fields SSDB_control SR_DB_TYPE_control}
`),
    );
    const [fields, control] = plan.orchestrators;
    assert.deepEqual(
      [...fields!.shards, ...control!.shards].map(({ name }) => name),
      ['fields_0', 'fields_1', 'fields_2', 'control_0'],
    );
    const ports = plan.orchestrators.flatMap(({ shards }) => shards.map((shard) => shard.port));
    assert.equal(ports[0], port);
    assert.equal(ports[3], port + 1);
    assert.equal(new Set(ports).size, 4);
    await until('sim is completed', () => run.snapshot.models[0]!.status === 'Completed');
    const { environment } = JSON.parse(readFileSync(run.snapshot.models[0]!.out, 'utf8')) as {
      environment: unknown;
    };
    assert.deepEqual(environment, {
      SSDB: null,
      SSDB_fields: ports
        .slice(0, 3)
        .map((one) => `127.0.0.1:${one}`)
        .join(','),
      SR_DB_TYPE_fields: 'Clustered',
      SSDB_control: `127.0.0.1:${ports[3]}`,
      SR_DB_TYPE_control: 'Standalone',
    });
    assert.equal(redis(ports[3], 'SET', 'a', '1'), 'OK');
    assert.equal(redis(ports[0], '-c', 'GET', 'a'), '');
    assert.deepEqual(
      run.snapshot.orchestrators.map(({ phase, clustered }) => [phase, clustered]),
      [
        ['ready', true],
        ['ready', false],
      ],
    );
  });

  describe('a port of which was taken since the check', () => {
    let decoy: Server | undefined;
    afterEach(() => {
      decoy?.close();
    });

    for (const [what, portOf, code] of [
      ['the port of the last shard', ({ port }: ShardPlan) => port, 'port-taken'],
      ['the bus port of the second shard', ({ busPort }: ShardPlan) => busPort!, 'bus-port-taken'],
    ] as const)
      it(`${what}: it says by whom, and no half of it is left`, async () => {
        plan = await planned(three);
        const shard = shardPlans()[code === 'port-taken' ? 2 : 1]!;
        decoy = silentServer();
        await new Promise<void>((resolve) => decoy?.listen(portOf(shard), '127.0.0.1', resolve));
        const run = await runs.start(plan);
        const launched = await untilLaunched(run);
        assert.equal(launched.ok, false);
        const [cause] = launched.problems;
        assert.equal(cause?.code, code);
        assert.match(`${messageOf(cause)} ${cause.evidence ?? ''}`, new RegExp(`process ${process.pid}\\b`));
        decoy.close();
        decoy = undefined;
        await until('the run is over', () => !run.live);
        assert.equal(run.snapshot.phase, 'failed');
      });
  });

  it('goes on without a shard that was killed: it is degraded with the cause, the rest can be used', async () => {
    const run = await runs.launch(await planned(three));
    const shard = (index: number): ShardSnapshot => run.snapshot.orchestrators[0]!.shards[index]!;
    for (const index of [0, 1, 2])
      asSupervisor(plan.runDirectory, shard(index).port, 'CONFIG', 'SET', 'cluster-node-timeout', '500');
    const owned = (index: number): string => {
      const [[from, to]] = ranges[index]!;
      for (let trial = 0; ; trial++) {
        const slot = slotOf(`key${trial}`);
        if (slot >= from && slot <= to) return `key${trial}`;
      }
    };
    for (const index of [0, 1, 2]) assert.equal(redis(shard(index).port, 'SET', owned(index), 'kept'), 'OK');
    process.kill(shard(1).identity!.pid, 'SIGKILL');
    await until('the death is told', () => shard(1).status === 'Failed');
    assert.equal(run.snapshot.orchestrators[0]!.phase, 'degraded');
    assert.match(messageOf(shard(1).cause!), /orchestrator_1 ended by itself: killed by SIGKILL/);
    // Only when the others have agreed that it is gone does it show whether they serve on.
    await until('the others know', () => / fail |,fail /.test(redis(shard(0).port, 'CLUSTER', 'NODES')));
    await until('all others know', () => / fail |,fail /.test(redis(shard(2).port, 'CLUSTER', 'NODES')));
    for (const index of [0, 2]) {
      assert.equal(redis(shard(index).port, 'GET', owned(index)), 'kept');
      assert.equal(redis(shard(index).port, 'SET', owned(index), 'again'), 'OK');
    }
  });

  describe('of which something happens while it is formed', () => {
    /** Launches in this process, lets `happen` happen at the first step of that name, and waits for the end. */
    async function launchWith(
      name: LaunchStep['name'],
      happen: (owner: RunOwner, pidOf: (shard: string) => number) => void,
    ): Promise<RunSnapshot> {
      plan = await planned(three);
      let happened = false;
      let snapshot: () => RunSnapshot = () => {
        throw new Error('a step before the launch');
      };
      const { owner, recorder, journal } = await ownedRun(plan, (step, its) => {
        if (happened || step.name !== name) return;
        happened = true;
        happen(its(), (shard) => {
          const [{ shards }] = snapshot().orchestrators as [RunSnapshot['orchestrators'][number]];
          return shards.find((one) => one.name === shard)!.identity!.pid;
        });
      });
      snapshot = () => recorder.snapshot;
      await owner.launch();
      await owner.ended;
      journal.close();
      assert.ok(happened);
      return recorder.snapshot;
    }

    for (const step of ['forming', 'add-slots', 'meet'] as const) {
      it(`a shard that dies at ${step} fails the launch with its cause`, async () => {
        const { phase, cause } = await launchWith(step, (_, pidOf) => {
          process.kill(pidOf('orchestrator_1'), 'SIGKILL');
        });
        assert.equal(phase, 'failed');
        assert.equal(cause?.code, 'server-ended');
        assert.match(messageOf(cause), /orchestrator_1 ended by itself: killed by SIGKILL/);
      });

      it(`a stop at ${step} leaves nothing`, async () => {
        const { phase, orchestrators } = await launchWith(step, (owner) => void owner.stop());
        assert.equal(phase, 'stopped');
        assert.ok(orchestrators[0]!.shards.every(({ status }) => status === 'Cancelled'));
      });
    }
  });

  function shardPort(): number {
    // In the range of `auto`, where bus ports are no ports of outgoing connections.
    return 20_000 + Math.floor(Math.random() * 2000);
  }
});
