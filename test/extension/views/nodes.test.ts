import assert from 'node:assert/strict';
import { problem } from '../../../src/core/base/problem';
import type { ShardSnapshot } from '../../../src/core/deployment/runSnapshot';
import { changedNodes } from '../../../src/extension/views/changedNodes';
import type { RunState } from '../../../src/extension/views/entityNodes';
import {
  experimentNodes,
  type ExperimentState,
} from '../../../src/extension/views/experiments/experimentNodes';
import { modelNodes } from '../../../src/extension/views/models/modelNodes';
import { orchestratorNodes } from '../../../src/extension/views/orchestrators/orchestratorNodes';
import { contextValueOf, type ViewNode } from '../../../src/extension/views/viewNode';
import { plainWording } from '../../support/plainWording';
import {
  modelSnapshot,
  orchestratorSnapshot,
  runSnapshot,
  shardSnapshot,
  unstartedModel,
} from '../../support/runSnapshots';

const context = { wording: plainWording, now: 5000, trusted: true };
const file: ExperimentState = {
  file: '/lab/lattice.smartsim.yaml',
  label: 'lattice',
  where: 'work',
  launching: false,
};
const live: RunState = { snapshot: runSnapshot(), live: true };

function only(nodes: readonly ViewNode[]): ViewNode {
  assert.equal(nodes.length, 1);
  return nodes[0]!;
}

describe('the Experiments view', () => {
  it('shows a file that was never launched as a leaf that can be launched', () => {
    const node = only(experimentNodes([file], context));
    assert.equal(node.description, 'work');
    assert.equal(contextValueOf(node), 'experiment;canLaunch');
    assert.deepEqual(node.children, []);
  });

  it('offers no launch in an untrusted workspace', () => {
    const node = only(experimentNodes([file], { ...context, trusted: false }));
    assert.equal(contextValueOf(node), 'experiment');
  });

  it('offers neither launch nor stop while a launch is prepared', () => {
    const node = only(experimentNodes([{ ...file, launching: true }], context));
    assert.equal(contextValueOf(node), 'experiment');
    assert.equal(node.description, 'Launching · work');
  });

  it('shows a live run with its orchestrator and models, to be stopped', () => {
    const node = only(experimentNodes([{ ...file, run: live }], context));
    assert.equal(contextValueOf(node), 'experiment;canStop');
    assert.equal(node.description, 'Ready · work');
    const run = only(node.children);
    assert.equal(contextValueOf(run), 'run;canStop');
    assert.deepEqual(
      run.children.map(({ label, description }) => [label, description]),
      [
        ['orchestrator', 'Ready · 127.0.0.1:6780'],
        ['simulation', 'Running'],
      ],
    );
  });

  it('can launch again, and not stop, when the last run is over', () => {
    const run = { snapshot: runSnapshot({ phase: 'stopped' }), live: false };
    const node = only(experimentNodes([{ ...file, run }], context));
    assert.equal(contextValueOf(node), 'experiment;canLaunch');
    assert.equal(contextValueOf(only(node.children)), 'run');
  });

  it('does not offer to stop twice', () => {
    const run = { snapshot: runSnapshot({ phase: 'stopping' }), live: true };
    const node = only(experimentNodes([{ ...file, run }], context));
    assert.equal(contextValueOf(node), 'experiment');
    assert.equal(contextValueOf(only(node.children)), 'run');
  });

  it('offers to take over or to stop a run that lost its supervisor, and no launch beside it', () => {
    const run = (code: 'supervisor-lost' | 'run-lost'): RunState => ({
      snapshot: runSnapshot({ phase: 'lost', cause: problem(code, { processes: 'sim (process 4)' }) }),
      live: false,
    });
    const node = only(experimentNodes([{ ...file, run: run('supervisor-lost') }], context));
    assert.equal(contextValueOf(node), 'experiment;canTakeOver;canStop');
    assert.equal(contextValueOf(only(node.children)), 'run;canTakeOver;canStop');
    const [orchestrator] = orchestratorNodes([run('supervisor-lost')], context);
    assert.equal(contextValueOf(orchestrator!), 'orchestrator;canTakeOver;canStop;hasAddress;inFile');
    const gone = only(experimentNodes([{ ...file, run: run('run-lost') }], context));
    assert.equal(contextValueOf(gone), 'experiment;canLaunch');
  });

  it('tells the cause of a failed run with its remedy and what was seen', () => {
    const cause = problem(
      'executable-missing',
      { model: 'simulation', exe: './heat', file: 'lattice.smartsim.yaml' },
      { evidence: 'seen' },
    );
    const run = { snapshot: runSnapshot({ phase: 'failed', cause }), live: false };
    const node = only(experimentNodes([{ ...file, run }], context));
    assert.ok(node.tooltip.some((line) => line.includes('./heat')));
    assert.ok(node.tooltip.includes('seen'));
    assert.ok(node.spoken.includes('./heat'));
    assert.match(only(node.children).description ?? '', /^Failed · .*\.\/heat/);
    assert.equal(node.icon.name, 'error');
  });
});

describe('the Orchestrators view', () => {
  it('shows address and state, and what was measured', () => {
    const shards = [shardSnapshot({ usedMemory: 1_572_864, keys: 12_000, clients: 3 })];
    const snapshot = runSnapshot({ orchestrators: [orchestratorSnapshot({ shards })] });
    const node = only(orchestratorNodes([{ snapshot, live: true }], context));
    assert.equal(node.label, 'lattice');
    assert.equal(contextValueOf(node), 'orchestrator;hasAddress;hasKeys;inFile');
    const shard = only(node.children);
    assert.equal(shard.description, '1.5 MiB · 12,000 keys · 3 clients');
    assert.equal(contextValueOf(shard), 'shard;canRestart;hasAddress;hasOutput;inFile');
  });

  it('shows the address of each of several shards', () => {
    const shards = [
      shardSnapshot({ clients: 1 }),
      shardSnapshot({ name: 'orchestrator_1', port: 6781, keys: 1 }),
    ];
    const snapshot = runSnapshot({ orchestrators: [orchestratorSnapshot({ shards })] });
    const node = only(orchestratorNodes([{ snapshot, live: true }], context));
    assert.equal(node.description, 'Ready · 2 shards');
    assert.deepEqual(
      node.children.map(({ description }) => description),
      ['1 client · 127.0.0.1:6780', '1 key · 127.0.0.1:6781'],
    );
  });

  const three = (...more: readonly Partial<ShardSnapshot>[]): readonly ShardSnapshot[] =>
    more.map((shard, index) =>
      shardSnapshot({ name: `orchestrator_${index}`, port: 6780 + index, ...shard }),
    );

  it('shows slots, and on the orchestrator what all shards hold together, once all were measured', () => {
    const figures = { usedMemory: 1_048_576, keys: 2, clients: 1 };
    const shards = three(
      { slots: [[0, 5460]], ...figures },
      { slots: [[5461, 10_922]], ...figures },
      {
        slots: [
          [10_923, 16_382],
          [16_383, 16_383],
        ],
        ...figures,
      },
    );
    const of = (some: readonly ShardSnapshot[]): ViewNode =>
      only(
        orchestratorNodes(
          [
            {
              snapshot: runSnapshot({ orchestrators: [orchestratorSnapshot({ shards: some })] }),
              live: true,
            },
          ],
          context,
        ),
      );
    assert.equal(of(shards).description, 'Ready · 3 shards · 3 MiB · 6 keys');
    assert.deepEqual(
      of(shards).children.map(({ description }) => description),
      [
        'slots 0–5460 · 1 MiB · 2 keys · 1 client · 127.0.0.1:6780',
        'slots 5461–10922 · 1 MiB · 2 keys · 1 client · 127.0.0.1:6781',
        'slots 10923–16382, 16383 · 1 MiB · 2 keys · 1 client · 127.0.0.1:6782',
      ],
    );
    assert.equal(
      of([...shards, ...three({}).map((shard) => ({ ...shard, name: 'x' }))]).description,
      'Ready · 4 shards',
    );
  });

  it('shows a shard that does not answer as such, never as dead', () => {
    const cause = problem('shard-not-answering', { shard: 'orchestrator_1', pid: 4, since: 's' });
    const shards = three({ keys: 1, usedMemory: 1 }, { notAnsweringSince: 3000, cause });
    const snapshot = runSnapshot({ orchestrators: [orchestratorSnapshot({ phase: 'degraded', shards })] });
    const node = only(orchestratorNodes([{ snapshot, live: true }], context));
    assert.equal(node.description, 'Degraded · 1 not answering · 2 shards');
    const silent = node.children[1]!;
    assert.match(silent.description ?? '', /^not answering since \d+:\d\d:\d\d [AP]M · 127\.0\.0\.1:6781$/);
    assert.deepEqual(silent.icon, { name: 'warning', color: 'list.warningForeground' });
    assert.match(silent.spoken, /not answering since/);
    assert.ok(silent.tooltip.some((line) => line.includes('kill -CONT 4')));
    assert.equal(contextValueOf(silent), 'shard;canRestart;hasAddress;hasOutput;inFile');
  });

  it('shows a shard whose memory is used up', () => {
    const cause = problem('shard-refuses-writes', { shard: 'orchestrator_0', bytes: 5 });
    const shards = three({ refusingWrites: true, cause, usedMemory: 1024, keys: 2 });
    const snapshot = runSnapshot({ orchestrators: [orchestratorSnapshot({ phase: 'degraded', shards })] });
    const shard = only(only(orchestratorNodes([{ snapshot, live: true }], context)).children);
    assert.equal(shard.description, 'refusing writes (memory limit) · 1 KiB · 2 keys');
    assert.equal(shard.icon.name, 'warning');
  });

  it('shows a cluster that is not whole, and offers to repair it while all its shards run', () => {
    const cause = problem('cluster-damaged', { orchestrator: 'orchestrator', missing: 'x' });
    const of = (status: 'Running' | 'Failed'): ViewNode => {
      const shards = three({ cause, clusterState: 'fail' }, { status });
      const orchestrator = orchestratorSnapshot({ phase: 'degraded', clustered: true, shards });
      return only(
        orchestratorNodes(
          [{ snapshot: runSnapshot({ orchestrators: [orchestrator] }), live: true }],
          context,
        ),
      );
    };
    assert.equal(contextValueOf(of('Running')), 'orchestrator;canRepair;hasAddress;hasKeys;inFile');
    assert.equal(of('Running').children[0]?.description, 'cluster not whole · 127.0.0.1:6780');
    assert.equal(contextValueOf(of('Failed')), 'orchestrator;hasAddress;hasKeys;inFile');
  });

  it('says what a cluster that is being formed waits for', () => {
    const orchestrator = orchestratorSnapshot({
      phase: 'forming',
      clustered: true,
      shards: three({}, {}, {}),
    });
    const snapshot = runSnapshot({ phase: 'starting', orchestrators: [orchestrator] });
    const node = only(orchestratorNodes([{ snapshot, live: true }], context));
    assert.equal(node.description, 'Forming cluster · 3 shards · waiting for Redis’ own 2 s');
  });

  it('offers a restart only while the run is up and connected', () => {
    const values = (state: RunState): string =>
      contextValueOf(only(only(orchestratorNodes([state], context)).children));
    assert.match(values(live), /canRestart/);
    assert.doesNotMatch(values({ ...live, live: false }), /canRestart/);
    assert.doesNotMatch(values({ snapshot: runSnapshot({ phase: 'starting' }), live: true }), /canRestart/);
    assert.doesNotMatch(values({ snapshot: runSnapshot({ phase: 'stopping' }), live: true }), /canRestart/);
  });

  it('draws 64 shards that were measured anew in one go', () => {
    const of = (keys: number): readonly ViewNode[] => {
      const shards = three(...Array.from({ length: 64 }, () => ({ keys, usedMemory: 1024 })));
      const snapshot = runSnapshot({ orchestrators: [orchestratorSnapshot({ shards })] });
      return orchestratorNodes([{ snapshot, live: true }], context);
    };
    assert.deepEqual(changedNodes(of(1), of(1)), []);
    assert.equal(changedNodes(of(1), of(2)).length, 1);
  });

  it('shows no old measurement of a shard that has ended', () => {
    const shards = [shardSnapshot({ status: 'Failed', usedMemory: 1024 })];
    const snapshot = runSnapshot({ orchestrators: [orchestratorSnapshot({ phase: 'failed', shards })] });
    const shard = only(only(orchestratorNodes([{ snapshot, live: true }], context)).children);
    assert.ok(![shard.description, ...shard.tooltip].some((text) => text?.includes('KiB')));
  });

  it('shows nothing of a shard that was not measured', () => {
    const shard = only(only(orchestratorNodes([live], context)).children);
    assert.equal(shard.description, '127.0.0.1:6780');
  });

  it('shows a dead shard with its code and cause', () => {
    const cause = problem('server-died-at-start', { shard: 'orchestrator_0', ending: 'signal SIGKILL' });
    const shards = [shardSnapshot({ status: 'Failed', returnCode: 137, cause, endedAt: 3000 })];
    const snapshot = runSnapshot({ orchestrators: [orchestratorSnapshot({ phase: 'failed', shards })] });
    const node = only(orchestratorNodes([{ snapshot, live: true }], context));
    assert.equal(node.icon.name, 'error');
    assert.ok(node.tooltip.some((line) => line.includes('SIGKILL')));
    assert.equal(only(node.children).description, 'Failed · code 137');
    assert.ok(only(node.children).spoken.includes('SIGKILL'));
  });

  it('offers no address of what has ended', () => {
    const shards = [shardSnapshot({ status: 'Failed' })];
    const snapshot = runSnapshot({ orchestrators: [orchestratorSnapshot({ phase: 'failed', shards })] });
    const node = only(orchestratorNodes([{ snapshot, live: true }], context));
    assert.equal(node.description, 'Failed');
    assert.deepEqual([node, only(node.children)].map(contextValueOf), [
      'orchestrator;inFile',
      'shard;canRestart;hasOutput;inFile',
    ]);
  });

  it('leaves out what was stopped', () => {
    const snapshot = runSnapshot({ orchestrators: [orchestratorSnapshot({ phase: 'stopped' })] });
    assert.deepEqual(orchestratorNodes([{ snapshot, live: false }], context), []);
  });

  it('names an orchestrator that has a name of its own', () => {
    const snapshot = runSnapshot({ orchestrators: [orchestratorSnapshot({ id: 'features' })] });
    assert.equal(only(orchestratorNodes([{ snapshot, live: true }], context)).label, 'lattice/features');
  });
});

describe('the Models view', () => {
  it('groups simulation models with state, code and duration', () => {
    const models = [
      modelSnapshot(),
      modelSnapshot({ name: 'consumer', status: 'Completed', returnCode: 0, endedAt: 4500 }),
    ];
    const group = only(modelNodes([{ snapshot: runSnapshot({ models }), live: true }], context));
    assert.equal(group.label, 'Simulation Models');
    assert.deepEqual(
      group.children.map(({ label, description }) => [label, description]),
      [
        ['simulation', 'Running'],
        ['consumer', 'Completed · code 0 · 2.5 s'],
      ],
    );
  });

  it('names the signal that killed a model', () => {
    const models = [
      modelSnapshot({ status: 'Failed', returnCode: null, signal: 'SIGKILL', endedAt: 12_000 }),
    ];
    const model = only(
      only(modelNodes([{ snapshot: runSnapshot({ models }), live: true }], context)).children,
    );
    assert.equal(model.description, 'Failed · killed by SIGKILL · 10 s');
  });

  it('leaves out the code of a model that was told to end', () => {
    const models = [modelSnapshot({ status: 'Cancelled', returnCode: 143, endedAt: 4000 })];
    const model = only(
      only(modelNodes([{ snapshot: runSnapshot({ models }), live: false }], context)).children,
    );
    assert.equal(model.description, 'Cancelled · 2 s');
    assert.ok(model.tooltip.includes('Return code: 143'));
  });

  it('offers a restart while the run is live, and output once there is some', () => {
    const unstarted = unstartedModel('simulation');
    const values = (state: RunState): string[] =>
      only(modelNodes([state], context)).children.map(contextValueOf);
    assert.deepEqual(values(live), ['model;canRestart;hasOutput;inFile']);
    assert.deepEqual(values({ ...live, live: false }), ['model;hasOutput;inFile']);
    assert.deepEqual(values({ snapshot: runSnapshot({ models: [unstarted] }), live: true }), [
      'model;canRestart;inFile',
    ]);
  });

  it('says whose model it is when several experiments are shown', () => {
    const other = runSnapshot({ id: 'other', experiment: 'heat' });
    const group = only(modelNodes([live, { snapshot: other, live: true }], context));
    assert.deepEqual(
      group.children.map(({ description }) => description),
      ['lattice · Running', 'heat · Running'],
    );
  });

  it('tells two experiments of one name apart by their files', () => {
    const states: readonly RunState[] = ['/one/a.smartsim.yaml', '/two/a.smartsim.yaml'].map((at) => ({
      snapshot: runSnapshot({ id: at, file: at }),
      live: true,
    }));
    assert.deepEqual(
      orchestratorNodes(states, context).map(({ label }) => label),
      ['lattice (one/a.smartsim.yaml)', 'lattice (two/a.smartsim.yaml)'],
    );
    assert.deepEqual(
      only(modelNodes(states, context)).children.map(({ description }) => description),
      ['lattice (one/a.smartsim.yaml) · Running', 'lattice (two/a.smartsim.yaml) · Running'],
    );
  });

  it('is empty without models', () => {
    assert.deepEqual(modelNodes([{ snapshot: runSnapshot({ models: [] }), live: true }], context), []);
  });
});

describe('rows', () => {
  it('keep their identity whatever their state', () => {
    const ids = (state: RunState): readonly string[] =>
      allIds(experimentNodes([{ ...file, run: state }], context));
    const ended = runSnapshot({
      phase: 'failed',
      orchestrators: [orchestratorSnapshot({ phase: 'failed' })],
      models: [modelSnapshot({ status: 'Failed', returnCode: 1, endedAt: 9000 })],
    });
    assert.deepEqual(ids({ snapshot: ended, live: false }), ids(live));
  });

  it('are unique within a view', () => {
    const ids = allIds([
      ...experimentNodes([{ ...file, run: live }], context),
      ...experimentNodes([{ ...file, file: '/lab/other.smartsim.yaml' }], context),
    ]);
    assert.equal(new Set(ids).size, ids.length);
  });
});

function allIds(nodes: readonly ViewNode[]): readonly string[] {
  return nodes.flatMap(({ id, children }) => [id, ...allIds(children)]);
}
