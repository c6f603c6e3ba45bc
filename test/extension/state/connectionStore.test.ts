import assert from 'node:assert/strict';
import { problem } from '../../../src/core/base/problem';
import { addressTarget } from '../../../src/core/database/discovery/addressTarget';
import { parseAddress } from '../../../src/core/database/discovery/databaseAddress';
import type { DiscoveredDatabase } from '../../../src/core/database/discovery/findDatabases';
import type { DatabaseTarget } from '../../../src/core/database/databaseTarget';
import { databaseCore } from '../../../src/extension/bridge/databaseCore';
import { ConnectionStore } from '../../../src/extension/state/connectionStore';
import { databaseNodes } from '../../../src/extension/views/orchestrators/databaseNodes';
import { plainWording } from '../../support/plainWording';
import { runSnapshot } from '../../support/runSnapshots';

function targetAt(text: string): DatabaseTarget {
  const address = parseAddress(text);
  assert.ok(address.ok);
  return addressTarget(address.value);
}

function found(text: string, isOurs: boolean): DiscoveredDatabase {
  return { target: targetAt(text), origins: [{ kind: 'environment', variable: 'SSDB' }], isOurs };
}

/** What VS Code keeps for the extension. */
function keeping(): { readonly memory: Map<string, unknown>; readonly secrets: Map<string, string> } {
  return { memory: new Map(), secrets: new Map() };
}

describe('the databases of a window', () => {
  let kept = keeping();
  let databases: readonly DiscoveredDatabase[] = [];
  let searches = 0;

  function storeOf(live = false): ConnectionStore {
    return new ConnectionStore({
      loadCore: () => Promise.resolve(databaseCore({}, 0)),
      runs: () => [{ live, snapshot: runSnapshot({ id: 'r1' }) }],
      search: () => {
        searches += 1;
        return Promise.resolve({ databases, problems: [] });
      },
      memory: {
        get: (key) => kept.memory.get(key),
        update: (key, value) => {
          // VS Code keeps JSON.
          kept.memory.set(key, JSON.parse(JSON.stringify(value)));
          return Promise.resolve();
        },
      },
      secrets: {
        get: (key) => Promise.resolve(kept.secrets.get(key)),
        store: (key, value) => {
          kept.secrets.set(key, value);
          return Promise.resolve();
        },
        delete: (key) => {
          kept.secrets.delete(key);
          return Promise.resolve();
        },
      },
    });
  }

  function states(store: ConnectionStore): readonly (readonly string[])[] {
    return store.databases.map(({ target, state }) => [target.id, state.kind]);
  }

  beforeEach(() => {
    kept = keeping();
    databases = [];
    searches = 0;
  });

  it('are attached where they are ours, and connect by a click elsewhere', async () => {
    databases = [found('127.0.0.1:1', true), found('login2:1', false)];
    const store = storeOf(true);
    assert.deepEqual(states(store), []);
    await store.once();
    await store.once();
    assert.equal(searches, 1);
    assert.deepEqual(states(store), [
      ['run:r1/orchestrator', 'attached'],
      ['at:127.0.0.1:1', 'attached'],
      ['at:login2:1', 'listed'],
    ]);
    assert.deepEqual(
      store.attached.map(({ id }) => id),
      ['run:r1/orchestrator', 'at:127.0.0.1:1'],
    );
    store.connect('at:login2:1');
    store.disconnect('at:127.0.0.1:1');
    assert.deepEqual(
      store.attached.map(({ id }) => id),
      ['run:r1/orchestrator', 'at:login2:1'],
    );
  });

  it('are one with the run that they belong to', async () => {
    databases = [found('127.0.0.1:6780,evil:1', false)];
    const store = storeOf(true);
    await store.once();
    const [run, ...others] = store.databases;
    assert.deepEqual(others, []);
    assert.deepEqual(run?.addresses, ['127.0.0.1:6780']);
    assert.deepEqual(
      run.origins.map(({ kind }) => kind),
      ['run', 'environment'],
    );
  });

  it('are remembered from one session to the next, listed and locked, with their secrets apart', async () => {
    const first = storeOf();
    await first.load();
    const target = targetAt('rediss://ada@login2:7000');
    await first.remember(target, 'hunter2');
    first.connect(target.id);
    first.unlock(target.id);
    const second = storeOf();
    await second.load();
    const [known] = second.databases;
    assert.deepEqual(known?.target, target);
    assert.deepEqual([known.state.kind, known.remembered, known.unlocked], ['listed', true, false]);
    assert.equal(await second.secretOf(target.id), 'hunter2');
    assert.ok(!JSON.stringify([...kept.memory]).includes('hunter2'));
    await second.forget(target.id);
    assert.deepEqual([second.databases, await second.secretOf(target.id)], [[], undefined]);
    assert.deepEqual([[...kept.secrets], [...kept.memory.values()]], [[], [[]]]);
  });

  it('keep no old secret where the new connection needs none', async () => {
    const store = storeOf();
    const target = targetAt('login2');
    await store.remember(target, 'hunter2');
    await store.remember(target, undefined);
    assert.equal(await store.secretOf(target.id), undefined);
  });

  it('leave nothing behind when there are too many of them', async () => {
    const store = storeOf();
    await store.load();
    for (let number = 0; number <= 100; number += 1) await store.remember(targetAt(`h${number}`), 'hunter2');
    assert.equal(store.databases.length, 100);
    assert.equal(kept.secrets.size, 100);
    assert.equal(await store.secretOf(targetAt('h0').id), undefined);
    assert.equal(await store.secretOf(targetAt('h1').id), 'hunter2');
  });

  it('are the same in all windows', async () => {
    const [first, second] = [storeOf(), storeOf()];
    await Promise.all([first.load(), second.load()]);
    assert.deepEqual([first.databases, second.databases], [[], []]);
    const [one, other] = [targetAt('login1'), targetAt('login2')];
    await first.remember(one, undefined);
    await second.remember(other, undefined);
    for (const store of [first, second])
      assert.deepEqual(
        store.databases.map(({ target }) => target),
        [other, one],
      );
  });

  it('leave out of what was remembered what is not understood', async () => {
    const good = targetAt('/run/db.sock');
    const endpoints = [{ kind: 'tcp', host: 'h' }];
    kept.memory.set('smartsim.databases', [
      7,
      null,
      { ...good, endpoints: [] },
      { ...good, endpoints },
      good,
    ]);
    const store = storeOf();
    await store.load();
    assert.deepEqual(
      store.databases.map(({ target }) => target),
      [good],
    );
    kept.memory.set('smartsim.databases', 'none');
    const other = storeOf();
    await other.load();
    assert.deepEqual(other.databases, []);
  });

  it('never become ours by what was remembered', async () => {
    kept.memory.set('smartsim.databases', [{ ...targetAt('login2'), own: true }]);
    const store = storeOf();
    await store.load();
    assert.equal(store.databases[0]?.target.own, false);
  });

  it('are unlocked in one window, until they are locked or let go', async () => {
    databases = [found('127.0.0.1:1', true)];
    const store = storeOf();
    await store.once();
    const id = 'at:127.0.0.1:1';
    for (const lock of [
      () => {
        store.lock(id);
      },
      () => {
        store.disconnect(id);
      },
    ]) {
      store.unlock(id);
      assert.equal(store.byId(id)?.unlocked, true);
      lock();
      assert.equal(store.byId(id)?.unlocked, false);
    }
  });

  it('are shown below one row, with states and origins in words', async () => {
    databases = [found('127.0.0.1:1', true), found('login2:1', false), found('login3:1', false)];
    const store = storeOf(true);
    await store.once();
    store.report({ id: 'at:127.0.0.1:1', state: { kind: 'connected' } });
    store.unlock('at:127.0.0.1:1');
    store.connect('at:login3:1');
    store.report({
      id: 'at:login3:1',
      state: { kind: 'failed', problem: problem('database-unreachable', { database: 'x', reason: 'y' }) },
    });
    const [group, ...more] = databaseNodes(store.databases, plainWording);
    assert.deepEqual(more, []);
    assert.equal(group?.label, 'Other Databases');
    assert.deepEqual(
      group.children.map(({ label, description, capabilities }) => [label, description, ...capabilities]),
      [
        ['127.0.0.1:1', 'attached, unlocked · SSDB', 'canDisconnect', 'canLock', 'hasKeys', 'hasAddress'],
        ['login2:1', 'not connected · SSDB', 'canConnect', 'hasAddress'],
        ['login3:1', 'not reached · SSDB', 'canConnect', 'hasAddress'],
      ],
    );
    assert.deepEqual(databaseNodes([], plainWording), []);
  });
});
