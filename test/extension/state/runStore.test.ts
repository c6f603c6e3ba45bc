import assert from 'node:assert/strict';
import { Emitter } from '../../../src/core/base/event';
import { silentLog } from '../../../src/core/base/log';
import type { Run } from '../../../src/core/run/run';
import type { RunRecord } from '../../../src/core/run/runRecord';
import { RunStore, type RunSource } from '../../../src/extension/state/runStore';
import { runSnapshot, ScriptedRun } from '../../support/runSnapshots';

/** An index of runs in memory. */
class ScriptedSource implements RunSource {
  readonly changed = new Emitter<void>();
  readonly onDidChange = this.changed.event;
  readonly opened: string[] = [];
  lists = 0;

  constructor(public runs: readonly ScriptedRun[]) {}

  list(): Promise<readonly RunRecord[]> {
    this.lists += 1;
    return Promise.resolve(this.runs.map(({ record }) => record));
  }

  open({ id }: RunRecord): Promise<Run> {
    this.opened.push(id);
    return Promise.resolve(this.runs.find(({ record }) => record.id === id)!);
  }
}

function run(
  id: string,
  more: { file?: string; live?: boolean; at?: number; phase?: 'stopped' | 'lost' } = {},
): ScriptedRun {
  const { file = '/a.smartsim.yaml', live = true, at = 1, phase } = more;
  return new ScriptedRun(runSnapshot({ id, file, startedAt: at, ...(phase && { phase }) }), live);
}

function storeOf(source: ScriptedSource): RunStore {
  return new RunStore(() => Promise.resolve(source), silentLog);
}

describe('RunStore', () => {
  it('reads nothing before it is asked to follow, and then once', async () => {
    const source = new ScriptedSource([run('1')]);
    const store = storeOf(source);
    assert.equal(source.lists, 0);
    await Promise.all([store.follow(), store.follow()]);
    await store.follow();
    assert.equal(source.lists, 1);
    assert.equal(store.forFile('/a.smartsim.yaml')?.record.id, '1');
  });

  it('reads the index again after a failure when somebody asks', async () => {
    const source = new ScriptedSource([run('1')]);
    const list = source.list.bind(source);
    source.list = () => Promise.reject(new Error('no'));
    const store = storeOf(source);
    await assert.rejects(store.follow(), /no/);
    source.list = list;
    await store.follow();
    assert.equal(store.runs.length, 1);
  });

  it('prefers a live run of a file to a later one that has ended', async () => {
    const source = new ScriptedSource([
      run('1', { at: 1 }),
      run('2', { at: 2, live: false, phase: 'stopped' }),
    ]);
    const store = storeOf(source);
    await store.follow();
    assert.deepEqual(
      store.runs.map(({ record }) => record.id),
      ['1'],
    );
    assert.equal(source.runs[1]?.disposed, 1);
  });

  it('shows the last run of a file when none is live', async () => {
    const source = new ScriptedSource([
      run('1', { at: 1, live: false, phase: 'stopped' }),
      run('2', { at: 2, live: false, phase: 'stopped' }),
    ]);
    const store = storeOf(source);
    await store.follow();
    assert.equal(store.forFile('/a.smartsim.yaml')?.record.id, '2');
    assert.deepEqual(store.current, []);
  });

  it('opens a run that has ended only once', async () => {
    const source = new ScriptedSource([
      run('1', { at: 1, live: false, phase: 'stopped' }),
      run('2', { at: 2, live: false, phase: 'stopped' }),
    ]);
    const store = storeOf(source);
    await store.follow();
    await store.refresh();
    assert.deepEqual(source.opened, ['2', '1']);
  });

  it('asks a lost run again whether it is there', async () => {
    const source = new ScriptedSource([run('1', { live: false, phase: 'lost' })]);
    const store = storeOf(source);
    await store.follow();
    assert.equal(store.current.length, 1);
    source.runs = [run('1')];
    await store.refresh();
    assert.equal(store.runs[0]?.live, true);
  });

  it('takes over a run as soon as its record is written again, and asks nobody meanwhile', async () => {
    const source = new ScriptedSource([run('1', { live: false, phase: 'lost' })]);
    const timers: unknown[] = [];
    const store = new RunStore(
      () => Promise.resolve(source),
      silentLog,
      (work) => {
        timers.push(work);
        return { dispose: () => undefined };
      },
    );
    await store.follow();
    assert.deepEqual(timers, []);
    source.runs = [run('1')];
    const live = new Promise<void>((resolve) => {
      store.onDidChange(() => {
        if (store.runs[0]?.live === true) resolve();
      });
    });
    source.changed.fire();
    await live;
    assert.deepEqual(timers, []);
  });

  it('finds a run that was started elsewhere as soon as the index says so', async () => {
    const source = new ScriptedSource([]);
    const store = storeOf(source);
    await store.follow();
    source.runs = [run('1')];
    const changed = new Promise<void>((resolve) => {
      store.onDidChange(() => {
        resolve();
      });
    });
    source.changed.fire();
    await changed;
    assert.equal(store.runs.length, 1);
  });

  it('keeps showing a run that ended in this window, until the next one of its file', async () => {
    const first = run('1');
    const store = storeOf(new ScriptedSource([]));
    await store.follow();
    store.add(first);
    first.become(runSnapshot({ ...first.snapshot, phase: 'stopped' }), false);
    assert.deepEqual(store.current, [first]);
    const second = run('2', { at: 2 });
    store.add(second);
    assert.deepEqual(store.current, [second]);
    assert.equal(first.disposed, 1);
  });

  it('shows a run that was launched here even if it failed before anybody looked', async () => {
    const store = storeOf(new ScriptedSource([]));
    await store.follow();
    const failed = new ScriptedRun(runSnapshot({ phase: 'failed' }), false);
    store.add(failed);
    assert.deepEqual(store.current, [failed]);
  });

  it('does not lose a run that was launched while the index was being read', async () => {
    const source = new ScriptedSource([]);
    const store = storeOf(source);
    const reading = store.follow();
    const launched = run('1');
    store.add(launched);
    await reading;
    assert.deepEqual(store.runs, [launched]);
  });

  it('tells every change of a run', async () => {
    const first = run('1');
    const store = storeOf(new ScriptedSource([first]));
    await store.follow();
    let changes = 0;
    store.onDidChange(() => (changes += 1));
    first.become(runSnapshot({ ...first.snapshot, phase: 'degraded' }));
    assert.equal(changes, 1);
  });

  it('lets go of every run at its end', async () => {
    const first = run('1');
    const store = storeOf(new ScriptedSource([first]));
    await store.follow();
    store.dispose();
    assert.equal(first.disposed, 1);
    assert.equal(first.stops, 0);
  });

  it('counts launches of one file, so that the end of one does not hide another', () => {
    const store = storeOf(new ScriptedSource([]));
    const one = store.markLaunching('/a');
    const two = store.markLaunching('/a');
    one.dispose();
    one.dispose();
    assert.deepEqual([...store.launching], ['/a']);
    two.dispose();
    assert.deepEqual([...store.launching], []);
  });
});
