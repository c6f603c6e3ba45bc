import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { Emitter } from '../../../src/core/base/event';
import { silentLog } from '../../../src/core/base/log';
import { problem, type Problem } from '../../../src/core/base/problem';
import { failure, success } from '../../../src/core/base/result';
import type { DatabaseTarget } from '../../../src/core/database/databaseTarget';
import type { NamesProgress, StateOfDatabase } from '../../../src/core/inspection/inspector';
import type { InspectorThread } from '../../../src/extension/bridge/inspectorThread';
import type { KeyCore } from '../../../src/extension/bridge/keyCore';
import { KeyStore } from '../../../src/extension/state/keyStore';
import type { Later } from '../../../src/extension/state/later';

const [a, b] = ['a', 'b'].map((id): DatabaseTarget => ({ id, name: id, endpoints: [], own: id === 'a' }));
assert.ok(a && b);

/** Time that stands still until the test lets it pass. */
class Clock {
  private readonly waiting: { readonly work: () => void; readonly milliseconds: number }[] = [];
  readonly later: Later = (work, milliseconds) => {
    const entry = { work, milliseconds };
    this.waiting.push(entry);
    return {
      dispose: () => {
        const at = this.waiting.indexOf(entry);
        if (at >= 0) this.waiting.splice(at, 1);
      },
    };
  };

  async pass(): Promise<void> {
    for (const { work } of this.waiting.splice(0)) work();
    await setImmediate();
  }
}

describe('the store of the keys that are shown', () => {
  let calls: string[];
  let clock: Clock;
  let store: KeyStore;
  let failed: Emitter<string>;
  let progressed: Emitter<NamesProgress>;
  let stateChanged: Emitter<StateOfDatabase>;
  let refusal: Problem | undefined;
  /** With what was connected. */
  let opened: DatabaseTarget[];
  let beforeOpening: Promise<void>;
  const unlocked = new Set<string>();

  beforeEach(() => {
    calls = [];
    clock = new Clock();
    failed = new Emitter();
    progressed = new Emitter();
    stateChanged = new Emitter();
    refusal = undefined;
    opened = [];
    beforeOpening = Promise.resolve();
    const note =
      (name: string) =>
      (...args: readonly unknown[]): Promise<undefined> => {
        calls.push(
          [name, ...args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg)))].join(' '),
        );
        return Promise.resolve(undefined);
      };
    const thread = {
      open: (target: DatabaseTarget) => {
        calls.push(`open ${target.id}`);
        opened.push(target);
        return beforeOpening.then(() =>
          refusal === undefined ? success({ clustered: false, shards: 1 }) : failure(refusal),
        );
      },
      ...{
        close: note('close'),
        scan: note('scan'),
        filter: note('filter'),
        pause: note('pause'),
        resume: note('resume'),
      },
      ...{ watch: note('watch'), unlock: note('unlock'), setPace: note('setPace') },
      rows: () => Promise.reject(new Error('ended')),
      onDidProgress: progressed.event,
      onDidChangeState: stateChanged.event,
      onDidFail: failed.event,
      dispose: () => calls.push('end'),
    } as unknown as InspectorThread;
    const core = {
      startInspector: () => {
        calls.push('start');
        return thread;
      },
      displayKey: String,
    } as unknown as KeyCore;
    store = new KeyStore(
      () => Promise.resolve(core),
      { secretOf: () => Promise.resolve(undefined), isUnlocked: (id) => unlocked.has(id) },
      silentLog,
      clock.later,
    );
  });
  afterEach(() => {
    store.dispose();
  });

  const shown = (): string =>
    store.shown.kind === 'none' ? 'none' : `${store.shown.kind} ${store.shown.target.id}`;

  it('starts nothing before the view is seen', async () => {
    store.offer([a, b]);
    await setImmediate();
    assert.deepEqual(calls, []);
    store.setVisible(true);
    await setImmediate();
    assert.deepEqual(calls, ['start', 'open a', 'scan a {"pace":"kind"}', 'watch a true']);
    assert.equal(shown(), 'open a');
  });

  it('shows what was chosen while that is there, else the first that there is', async () => {
    store.setVisible(true);
    store.offer([a, b]);
    await setImmediate();
    store.choose(b);
    await setImmediate();
    assert.equal(shown(), 'open b');
    assert.ok(calls.includes('close a'));
    store.offer([a]);
    await setImmediate();
    assert.equal(shown(), 'open a');
    store.offer([]);
    await setImmediate();
    assert.equal(shown(), 'none');
  });

  it('leaves databases alone when the view is hidden, stops reading soon, and ends the thread later', async () => {
    store.offer([a]);
    store.setVisible(true);
    await setImmediate();
    calls.length = 0;
    store.setVisible(false);
    await setImmediate();
    assert.deepEqual(calls, ['watch a false']);
    await clock.pass();
    assert.deepEqual(calls, ['watch a false', 'pause a']);
    await clock.pass();
    assert.deepEqual(calls, ['watch a false', 'pause a', 'end']);
    assert.equal(shown(), 'none');
    store.setVisible(true);
    await setImmediate();
    assert.equal(shown(), 'open a');
  });

  it('goes on where it was when the view is seen again soon', async () => {
    store.offer([a]);
    store.setVisible(true);
    await setImmediate();
    store.setVisible(false);
    await clock.pass();
    calls.length = 0;
    store.setVisible(true);
    await setImmediate();
    assert.deepEqual(calls, ['resume a', 'watch a true']);
  });

  it('looks for names among those that are known, and asks the servers for another type alone', async () => {
    store.setVisible(true);
    store.offer([a, b]);
    await setImmediate();
    calls = [];
    await store.setFilter({ text: 'veloc' });
    assert.deepEqual(calls, ['filter a veloc']);
    await store.setFilter({ text: 'veloc', type: 'hash' });
    assert.deepEqual(calls.slice(1), ['filter a veloc', 'scan a {"pace":"kind","type":"hash"}']);
    calls = [];
    store.choose(b);
    await setImmediate();
    assert.deepEqual(calls.slice(2, 4), ['filter b veloc', 'scan b {"pace":"kind","type":"hash"}']);
    calls = [];
    await store.setFilter({ type: 'hash' });
    assert.deepEqual(calls, ['filter b ']);
  });

  it('tells why a database cannot be shown, and tries again when asked', async () => {
    refusal = problem('database-unreachable', { database: 'a', reason: 'refused' });
    store.offer([a]);
    store.setVisible(true);
    await setImmediate();
    assert.equal(shown(), 'failed a');
    refusal = undefined;
    await store.rescan();
    assert.equal(shown(), 'open a');
  });

  it('survives the end of the thread, and starts another when asked', async () => {
    store.offer([a]);
    store.setVisible(true);
    await setImmediate();
    failed.fire('out of memory');
    assert.equal(shown(), 'failed a');
    assert.deepEqual((await store.rows({ kind: 'root' }, { from: 0, most: 1 })).rows, []);
    calls.length = 0;
    await store.rescan();
    assert.deepEqual(calls.slice(0, 2), ['start', 'open a']);
  });

  it('lets a database of others be changed only once it is unlocked', async () => {
    store.offer([a, b]);
    store.setVisible(true);
    await setImmediate();
    const changeable = (): boolean => store.changeable;
    assert.equal(changeable(), true);
    store.choose(b);
    await setImmediate();
    assert.equal(changeable(), false);
    unlocked.add('b');
    await store.followAccess();
    assert.equal(changeable(), true);
    assert.ok(calls.includes('unlock b true'));
    unlocked.delete('b');
    await store.followAccess();
    assert.equal(changeable(), false);
  });

  it('hears of progress of the database that is shown alone', async () => {
    store.offer([a]);
    store.setVisible(true);
    await setImmediate();
    const news = { state: 'complete', pace: 'kind', shards: [], seen: 1, full: false } as const;
    const seen = (): number | undefined => (store.shown.kind === 'open' ? store.shown.progress?.seen : -1);
    progressed.fire({ ...news, database: 'b' });
    assert.equal(seen(), undefined);
    progressed.fire({ ...news, database: 'a' });
    assert.equal(seen(), 1);
  });

  it('connects anew with what was agreed to, where the database refused', async () => {
    const refused = problem('database-hosts-unconfirmed', { database: 'b', hosts: 'c' });
    store.setVisible(true);
    store.offer([b]);
    await setImmediate();
    stateChanged.fire({ database: 'b', state: { kind: 'refused', problem: refused } });
    const agreed = { ...b, hosts: ['c'] };
    store.choose(agreed);
    await setImmediate();
    assert.equal(opened.at(-1), agreed);
    // And not where all is well.
    calls.length = 0;
    store.choose(agreed);
    await setImmediate();
    assert.deepEqual(calls, []);
  });

  it('connects anew with what was agreed to, where the database refused at once', async () => {
    refusal = problem('database-hosts-unconfirmed', { database: 'b', hosts: 'c' });
    store.setVisible(true);
    store.offer([b]);
    await setImmediate();
    assert.equal(shown(), 'failed b');
    refusal = undefined;
    const agreed = { ...b, hosts: ['c'] };
    store.choose(agreed);
    await setImmediate();
    assert.equal(opened.at(-1), agreed);
    assert.equal(shown(), 'open b');
  });

  it('shows what was chosen while it was on its way already', async () => {
    store.setVisible(true);
    store.offer([a]);
    await setImmediate();
    store.offer([b, a]);
    const chosen = { ...b, hosts: ['c'] };
    store.choose(chosen);
    await setImmediate();
    assert.equal(shown(), 'open b');
    assert.deepEqual(opened.slice(1), [chosen]);
  });

  it('lets go of a database that answers when another one is wanted', async () => {
    let open: () => void = () => undefined;
    beforeOpening = new Promise((resolve) => (open = resolve));
    store.setVisible(true);
    store.offer([a, b]);
    await setImmediate();
    beforeOpening = Promise.resolve();
    store.choose(b);
    await setImmediate();
    calls.length = 0;
    open();
    await setImmediate();
    assert.deepEqual(calls, ['close a']);
    assert.equal(shown(), 'open b');
  });

  it('leaves alone soon what a document wanted while the view was hidden', async () => {
    store.offer([a]);
    store.setVisible(true);
    await setImmediate();
    store.setVisible(false);
    for (let times = 0; times < 2; times += 1) await clock.pass();
    assert.equal(shown(), 'none');
    calls.length = 0;
    assert.equal((await store.reached('a'))?.target, a);
    await clock.pass();
    assert.ok(calls.includes('pause a'));
    await clock.pass();
    assert.equal(calls.at(-1), 'end');
    assert.equal(shown(), 'none');
  });

  it('forgets nothing while something is changed, however long the view is hidden', async () => {
    store.offer([a]);
    store.setVisible(true);
    await setImmediate();
    let end: () => void = () => undefined;
    const changing = store.during(() => new Promise<void>((resolve) => (end = resolve)));
    store.setVisible(false);
    for (let times = 0; times < 3; times += 1) await clock.pass();
    assert.ok(!calls.includes('end'));
    assert.equal(shown(), 'open a');
    end();
    await changing;
    await clock.pass();
    assert.ok(calls.includes('end'));
    assert.equal(shown(), 'none');
  });
});
