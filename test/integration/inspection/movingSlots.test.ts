import assert from 'node:assert/strict';
import { engineFile } from '../../../scripts/engine.mjs';
import { utf8 } from '../../../src/core/base/bytes';
import { messageOf } from '../../../src/core/base/problem';
import { DatabaseInspector } from '../../../src/core/inspection/databaseInspector';
import type { KeyDetails } from '../../../src/core/value/details/keyDetails';
import { DatabaseCluster } from '../../support/databaseServer';
import { textField } from '../../support/keysOfAllKinds';
import { MovingSlot } from '../../support/movingSlot';
import { ReplyError, type Argument } from '../../support/respClient';
import { slotOf } from '../../support/slotOf';
import { bytesOf } from '../../support/tensors';

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
});
