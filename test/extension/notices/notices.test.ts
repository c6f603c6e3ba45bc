import assert from 'node:assert/strict';
import { Emitter } from '../../../src/core/base/event';
import { silentLog } from '../../../src/core/base/log';
import { problem } from '../../../src/core/base/problem';
import type { RunSnapshot } from '../../../src/core/deployment/runSnapshot';
import { viewId, type ViewId } from '../../../src/extension/contributions';
import { newsOf, nameOf, type News } from '../../../src/extension/notices/newsOf';
import { Notices } from '../../../src/extension/notices/notices';
import {
  modelSnapshot,
  orchestratorSnapshot,
  runSnapshot,
  ScriptedRun,
  shardSnapshot,
} from '../../support/runSnapshots';

const cause = problem('model-failed', { model: 'simulation', ending: 'return code 3', out: 'o', err: 'e' });
const died = problem('server-ended', { shard: 'orchestrator_0', ending: 'killed', log: 'l' });
const up = runSnapshot();
const failedModel = modelSnapshot({ status: 'Failed', endedAt: 9, cause });
const modelFailed = runSnapshot({ phase: 'degraded', models: [failedModel] });
const deadShard = shardSnapshot({ status: 'Failed', endedAt: 9, cause: died });
const shardDied = runSnapshot({
  phase: 'degraded',
  orchestrators: [orchestratorSnapshot({ phase: 'failed', shards: [deadShard] })],
});
const lost = runSnapshot({ phase: 'lost', cause: problem('supervisor-lost', { processes: 'x' }) });
const over = runSnapshot({ phase: 'lost', cause: problem('run-lost') });

function kindOf(before: RunSnapshot | undefined, after: RunSnapshot, live = true): string | undefined {
  return newsOf(before, { snapshot: after, live })?.kind;
}

describe('news of a run', () => {
  it('are failures that have just happened, and none that are old', () => {
    assert.equal(kindOf(up, modelFailed), 'failed');
    assert.equal(kindOf(up, shardDied), 'failed');
    assert.equal(kindOf(undefined, modelFailed), undefined);
    assert.equal(kindOf(modelFailed, modelFailed), undefined);
    assert.equal(kindOf(up, up), undefined);
  });

  it('lead with the shard where models failed with it', () => {
    const both = runSnapshot({ ...shardDied, models: [failedModel] });
    const news = newsOf(up, { snapshot: both, live: true });
    assert.ok(news?.kind === 'failed');
    assert.deepEqual(
      news.entities.map(({ subject }) => subject.kind),
      ['shard', 'model'],
    );
  });

  it('are nothing that ends while the run is stopped, or when it was stopped', () => {
    const cancelled = modelSnapshot({ status: 'Cancelled', endedAt: 9 });
    assert.equal(kindOf(up, runSnapshot({ phase: 'stopping', models: [failedModel] })), undefined);
    assert.equal(kindOf(up, runSnapshot({ phase: 'stopped', models: [cancelled] }), false), undefined);
  });

  it('are neither answers that are late nor memory that is full: only a visible view asks for them', () => {
    const silent = shardSnapshot({ notAnsweringSince: 4, cause: problem('shard-not-answering', {}) });
    const orchestrators = [orchestratorSnapshot({ phase: 'degraded', shards: [silent] })];
    assert.equal(kindOf(up, runSnapshot({ phase: 'degraded', orchestrators })), undefined);
  });

  it('are a run that lost its supervisor while something of it runs, also when it is seen for the first time', () => {
    assert.equal(kindOf(up, lost, false), 'lost');
    assert.equal(kindOf(undefined, lost, false), 'lost');
    assert.equal(kindOf(lost, lost, false), undefined);
    assert.equal(kindOf(undefined, over, false), undefined);
  });

  it('are the failure of a launch, instead of all that failed in it', () => {
    const starting = runSnapshot({ phase: 'starting' });
    const failing = runSnapshot({ phase: 'failed', cause, models: [failedModel] });
    assert.equal(kindOf(starting, failing), 'launchFailed');
    assert.equal(kindOf(starting, runSnapshot({ phase: 'starting', models: [failedModel] })), undefined);
  });

  it('have one name for one event', () => {
    const news = newsOf(up, { snapshot: modelFailed, live: true })!;
    assert.equal(nameOf(news, modelFailed), 'failed simulation 9');
    const later = runSnapshot({ models: [modelSnapshot({ status: 'Failed', endedAt: 10, cause })] });
    assert.notEqual(nameOf(newsOf(up, { snapshot: later, live: true })!, later), nameOf(news, modelFailed));
  });
});

describe('notices', () => {
  const changed = new Emitter<void>();
  let run: ScriptedRun;
  let visible: Set<ViewId>;
  let told: Set<string>;
  let shown: News[];
  let ours: boolean;
  let windows: Notices[];

  beforeEach(() => {
    run = new ScriptedRun(up);
    visible = new Set();
    told = new Set();
    shown = [];
    ours = false;
    windows = [];
    open();
    changed.fire();
  });
  afterEach(() => {
    for (const window of windows) window.dispose();
  });

  /** A window that follows the run. */
  function open(): void {
    const runs = {
      get runs() {
        return [run];
      },
      onDidChange: changed.event,
      isOurs: () => ours,
    };
    windows.push(
      new Notices(runs, {
        visible: () => visible,
        isFirst: ({ id }, news) => Promise.resolve(!told.has(id + news) && told.add(id + news).size > 0),
        show: (news) => shown.push(news),
        log: silentLog,
      }),
    );
  }

  async function become(snapshot: RunSnapshot, live = true): Promise<void> {
    run.become(snapshot, live);
    changed.fire();
    for (let turns = 0; turns < 10; turns += 1) await Promise.resolve();
  }

  it('are one for one event, however often the run changes', async () => {
    await become(modelFailed);
    await become({ ...modelFailed, sequence: 9 });
    assert.deepEqual(
      shown.map(({ kind }) => kind),
      ['failed'],
    );
  });

  it('are none while a view shows it', async () => {
    visible.add(viewId.models);
    await become(modelFailed);
    await become(runSnapshot({ ...shardDied, models: [failedModel] }));
    assert.deepEqual(shown.length, 1, 'the dead shard stands in no visible view');
    visible.add(viewId.experiments);
    await become(lost, false);
    assert.deepEqual(shown.length, 1);
  });

  it('are one over several windows', async () => {
    open();
    open();
    changed.fire();
    await become(modelFailed);
    assert.equal(shown.length, 1);
    await become(lost, false);
    assert.equal(shown.length, 2);
  });

  it('tell the first failure of a run that falls apart, and the next when it has been well again', async () => {
    await become(modelFailed);
    await become(runSnapshot({ ...shardDied, models: [failedModel] }));
    assert.equal(shown.length, 1);
    await become(up);
    await become(runSnapshot({ phase: 'degraded', models: [{ ...failedModel, endedAt: 10 }] }));
    assert.equal(shown.length, 2);
  });

  it('tell a lost run once more when it was taken over and lost again', async () => {
    const supervised = (pid: number, snapshot: RunSnapshot): RunSnapshot => ({
      ...snapshot,
      supervisor: { hostId: '', bootId: '', pidNamespace: '', pid, startTime: '1' },
    });
    await become(supervised(1, lost), false);
    await become(supervised(2, up));
    await become(supervised(2, lost), false);
    assert.equal(shown.length, 2);
  });

  it('leave the failure of a launch to the command where this window asked for it', async () => {
    const failing = runSnapshot({ phase: 'failed', cause });
    run = new ScriptedRun(runSnapshot({ id: 'other', phase: 'starting' }));
    changed.fire();
    ours = true;
    await become({ ...failing, id: 'other' });
    assert.equal(shown.length, 0);
    run = new ScriptedRun(runSnapshot({ id: 'third', phase: 'starting' }));
    changed.fire();
    ours = false;
    await become(runSnapshot({ id: 'third', phase: 'starting', models: [failedModel] }));
    await become({ ...failing, id: 'third' });
    assert.deepEqual(
      shown.map(({ kind }) => kind),
      ['launchFailed'],
    );
  });
});
