import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { engineFile } from '../../../scripts/engine.mjs';
import { utf8 } from '../../../src/core/base/bytes';
import { messageOf } from '../../../src/core/base/problem';
import { DatabaseInspector } from '../../../src/core/inspection/databaseInspector';
import type { KeyDetails } from '../../../src/core/value/details/keyDetails';
import { DatabaseCluster, type DatabaseServer } from '../../support/databaseServer';
import { textField } from '../../support/keysOfAllKinds';
import { MovingSlot } from '../../support/movingSlot';
import { ReplyError, textOf, type Argument } from '../../support/respClient';
import { slotOf } from '../../support/slotOf';
import { until } from '../../support/startedRun';
import { bytesOf } from '../../support/tensors';
import { temporaryFolder } from '../../support/temporaryFolder';

const id = 'resharded';
const slot = slotOf('b');
const count = 5000;

/** All in one slot, on the first shard: of each kind one key that moves early, and one that moves late. */
const kinds = ['string', 'hash', 'list', 'set', 'zset', 'stream', 'tensor', 'large'];
const parts = ['{b}.early', '{b}.late'];
const early = [...kinds.map((kind) => `${kind}{b}early`), '{b}.early', 'other{b}.meta'];
const late = [...kinds.map((kind) => `${kind}{b}late`), '{b}.late', '{b}.meta'];
const names = [...early, ...late];

describe('keys of a slot that moves, in the window', function () {
  this.timeout(60_000);
  let cluster: DatabaseCluster;
  let inspector: DatabaseInspector;
  let moving: MovingSlot;

  beforeEach(async () => {
    cluster = await DatabaseCluster.start(['--loadmodule', engineFile]);
    moving = new MovingSlot(slot, cluster.servers[0]!, cluster.servers[1]!);
    await fill();
    inspector = new DatabaseInspector();
    const endpoints = [{ kind: 'tcp', host: '127.0.0.1', port: cluster.servers[2]!.port }] as const;
    const opened = await inspector.open({ id, name: 'db', endpoints, own: true });
    assert.ok(opened.ok, opened.problems.map(messageOf).join());
  });
  afterEach(async () => {
    inspector.dispose();
    await cluster.stop();
  });

  async function fill(): Promise<void> {
    const send = async (...words: Argument[]): Promise<void> => {
      const reply = await cluster.send(...words);
      assert.ok(!(reply instanceof ReplyError), String(reply));
    };
    for (const end of ['{b}early', '{b}late']) {
      await send('SET', `string${end}`, `text of ${end}`);
      await send('HSET', `hash${end}`, 'field', end);
      await send('RPUSH', `list${end}`, end, 'second');
      await send('SADD', `set${end}`, end);
      await send('ZADD', `zset${end}`, 1, end);
      await send('XADD', `stream${end}`, '1-1', 'field', end);
      await send('AI.TENSORSET', `tensor${end}`, 'INT8', 3, 'VALUES', 1, 2, 3);
      const floats = bytesOf(Float32Array.from({ length: count }, (_, at) => at));
      await send('AI.TENSORSET', `large${end}`, 'FLOAT', count, 'BLOB', floats);
    }
    for (const part of parts) await send('AI.TENSORSET', part, 'FLOAT', 2, 'VALUES', 0.5, 1.5);
    await send('HSET', '{b}.meta', '.tensor_names', textField('early', 'late'), '.COMPLETE', '1');
    await send('HSET', 'other{b}.meta', '.tensor_names', textField('nothing'), 'units', textField('K'));
  }

  /** What the window tells of all keys: details, and values or why there are none. */
  async function looked(): Promise<{
    readonly details: readonly KeyDetails[];
    readonly values: readonly string[];
  }> {
    const details = await inspector.details(id, names.map(utf8));
    const values: string[] = [];
    for (const name of names) {
      const value = await inspector.value(id, utf8(name), {});
      values.push(value.ok ? value.value.text : value.problems.map(messageOf).join());
    }
    return { details, values };
  }

  it('are told as if nothing was', async () => {
    const before = await looked();
    assert.deepEqual(
      before.details.map(({ kind }) => kind),
      [...kinds, 'tensor', 'dataset', ...kinds, 'tensor', 'dataset'].map((kind) =>
        kind === 'large' ? 'tensor' : kind,
      ),
    );
    assert.ok(before.values.every((text) => text.length > 0));
    await moving.begin();
    assert.deepEqual(await looked(), before);
    await moving.move(early);
    assert.deepEqual(await looked(), before);
    await moving.move(late);
    assert.deepEqual(await looked(), before);
    await moving.end(cluster.servers);
    assert.deepEqual(await looked(), before);
  });

  it('are told as if nothing was while one after the other goes', async () => {
    const before = await looked();
    const left = [...names];
    const move = async (): Promise<void> => {
      await moving.begin();
      for (let name = left.shift(); name !== undefined; name = left.shift()) await moving.move([name]);
      await moving.end(cluster.servers);
    };
    const moved = move();
    while (left.length > 0) assert.deepEqual(await looked(), before);
    await moved;
    assert.deepEqual(await looked(), before);
  });

  it('are told as gone only when they are', async () => {
    await moving.begin();
    await moving.move(early);
    const [vanished, stayed] = [early[0]!, late[0]!];
    assert.equal(await moving.from.send('DEL', stayed), 1);
    const details = await inspector.details(id, [utf8(vanished), utf8(stayed), utf8('never{b}')]);
    assert.deepEqual(
      details.map(({ kind }) => kind),
      ['string', 'gone', 'gone'],
    );
    const value = await inspector.value(id, utf8(stayed), {});
    assert.deepEqual(value.ok ? [] : value.problems.map(({ code }) => code), ['value-gone']);
  });

  const folder = temporaryFolder();
  let deletions = 0;

  async function planned(keys: readonly string[]): Promise<string> {
    const task = `deletion ${deletions}`;
    const plan = await inspector.planDeletion(id, { task, name: 'all', keys: keys.map(utf8), folders: [] });
    assert.ok(plan.ok, plan.problems.map(messageOf).join());
    return task;
  }

  /** Deletes, and gives what that has told, and what its journal says. */
  async function deleted(plan: string): Promise<{
    readonly outcome: unknown;
    readonly removed: number;
    readonly unanswered: number;
  }> {
    const journal = path.join(folder.path, String((deletions += 1)));
    const done = await inspector.delete(id, plan, journal);
    assert.ok(done.ok, done.problems.map(messageOf).join());
    const lines = readFileSync(path.join(journal, 'deletions.jsonl'), 'utf8').trim().split('\n');
    const after = lines
      .map((line) => JSON.parse(line) as { step: string; removed?: number; unanswered?: number })
      .filter(({ step }) => step === 'after');
    return {
      outcome: { ...done.value, problems: done.problems.map(({ code }) => code) },
      removed: after.reduce((sum, { removed = 0 }) => sum + removed, 0),
      unanswered: after.reduce((sum, one) => sum + (one.unanswered ?? 0), 0),
    };
  }

  const sizes = async (): Promise<unknown[]> =>
    Promise.all(cluster.servers.map((server) => server.send('DBSIZE')));

  it('are deleted on both sides, and the journal tells how many', async () => {
    await moving.begin();
    await moving.move(early);
    const plan = await planned([...names, 'never{b}']);
    assert.deepEqual(await deleted(plan), {
      outcome: { removed: names.length, alreadyGone: 1, left: 0, cancelled: false, problems: [] },
      ...{ removed: names.length, unanswered: 0 },
    });
    assert.deepEqual(await sizes(), [0, 0, 0]);
  });

  it('are deleted while they go, and where their slot is by then', async () => {
    const many = Array.from({ length: 3000 }, (_, number) => `{b}${number}`);
    for (let at = 0; at < many.length; at += 500)
      await moving.from.send('MSET', ...many.slice(at, at + 500).flatMap((key) => [key, 'value']));
    const all = [...names, ...many];
    const plan = await planned(all);
    const left = [...all];
    await moving.begin();
    await moving.move(left.splice(-20));
    const move = async (): Promise<void> => {
      // From the end, to be there first; of those that have been deleted before it says that there is none.
      while (left.length > 0) await moving.moveThose(left.splice(-2));
      await moving.end(cluster.servers);
    };
    const moved = move();
    const found = await deleted(plan);
    await moved;
    assert.deepEqual(found, {
      outcome: { removed: all.length, alreadyGone: 0, left: 0, cancelled: false, problems: [] },
      ...{ removed: all.length, unanswered: 0 },
    });
    assert.deepEqual(await sizes(), [0, 0, 0]);
  });

  it('are not renamed while they go, which is said, and have their old names', async () => {
    await moving.begin();
    await moving.move(early);
    const [gone, stayed] = [utf8(early[0]!), utf8(late[0]!)];
    for (const renamed of [
      await inspector.rename(id, gone, utf8('new{b}')),
      await inspector.rename(id, stayed, utf8('new{b}')),
      await inspector.renameDataset(id, utf8('{b}.'), utf8('new.{b}.')),
    ]) {
      assert.deepEqual(
        renamed.problems.map(({ code }) => code),
        ['value-between-shards'],
      );
    }
    const details = await inspector.details(id, [...names, 'new{b}', 'new.{b}.meta'].map(utf8));
    assert.deepEqual(
      details.flatMap(({ kind }, at) => (kind === 'gone' ? at : [])),
      [names.length, names.length + 1],
    );
  });

  const errors = async (server: DatabaseServer): Promise<string> => {
    const info = await server.send('INFO', 'errorstats');
    return info instanceof Uint8Array ? textOf(info) : '';
  };

  it('are renamed as soon as they have gone', async () => {
    await moving.begin();
    await moving.move(early);
    const renamed = inspector.rename(id, utf8(early[0]!), utf8('new{b}'));
    const dataset = inspector.renameDataset(id, utf8('{b}.'), utf8('new.{b}.'));
    await until('both were refused', async () => /TRYAGAIN:count=[2-9]/.test(await errors(moving.to)));
    await moving.move(late);
    await moving.end(cluster.servers);
    assert.deepEqual([(await renamed).problems, (await dataset).problems], [[], []]);
    const details = await inspector.details(
      id,
      ['new{b}', early[0]!, 'new.{b}.meta', 'new.{b}.early', '{b}.early'].map(utf8),
    );
    assert.deepEqual(
      details.map(({ kind }) => kind),
      ['string', 'gone', 'dataset', 'tensor', 'gone'],
    );
  });

  it('are given an expiry on both sides', async () => {
    await moving.begin();
    await moving.move(early);
    const chosen = { task: 'expiry', keys: [...names, 'never{b}'].map(utf8), folders: [] };
    const set = await inspector.setExpiry(id, chosen, 60_000);
    assert.deepEqual([set.ok && set.value, set.problems], [names.length, []]);
    for (const { expiresAt } of await inspector.details(id, names.map(utf8)))
      assert.ok(typeof expiresAt === 'number' && expiresAt <= Date.now() + 60_000);
    const taken = await inspector.setExpiry(id, chosen, null);
    assert.deepEqual([taken.ok && taken.value, taken.problems], [names.length, []]);
    for (const { expiresAt } of await inspector.details(id, names.map(utf8))) assert.equal(expiresAt, null);
  });
});
