import assert from 'node:assert/strict';
import { utf8 } from '../../../src/core/base/bytes';
import type { Database } from '../../../src/core/database/database';
import type { KeyDetails } from '../../../src/core/value/details/keyDetails';
import { detailsBy, readDetails, type Ask } from '../../../src/core/value/details/readDetails';
import { EngineServer } from '../../support/engineServer';
import { lookedInto } from '../../support/lookedInto';
import type { RespClient } from '../../support/respClient';

/** Every byte that there is, in one key. */
const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);

describe('details of keys', function () {
  this.timeout(60_000);
  let server: EngineServer;
  let client: RespClient;
  let database: Database;

  beforeEach(async () => {
    server = await EngineServer.start();
    client = await server.client();
    database = await lookedInto([server.port]);
  });
  afterEach(async () => {
    database.dispose();
    await server.stop();
  });

  async function of(...keys: readonly (string | Uint8Array)[]): Promise<readonly KeyDetails[]> {
    return readDetails(
      database,
      keys.map((key) => (typeof key === 'string' ? utf8(key) : key)),
    );
  }

  async function fill(): Promise<void> {
    await client.send('AI.TENSORSET', 'tensor', 'DOUBLE', 2, 3, 4);
    await client.send('AI.TENSORSET', 'texts', 'STRING', 2, 'VALUES', 'a', 'bc');
    await client.send('AI.TENSORSET', 'scalar', 'INT8', 'VALUES', 5);
    await client.send('SET', 'text', 'seven b', 'PX', 60_000);
    await client.send('SET', '', '');
    await client.send('HSET', 'hash', 'a', 1, 'b', 2);
    await client.send('RPUSH', 'list', 'x', 'y', 'z');
    await client.send('RPUSH', 'datasets', 'p.{a}', '{b}');
    await client.send('SADD', 'set', 'm');
    await client.send('ZADD', 'ranks', 1, 'm');
    await client.send('XADD', 'stream', '*', 'f', 'v');
    await client.send('HSET', '{a}.meta', '.COMPLETE', 1);
    await client.send('HSET', '{b}.meta', '.tensor_names', Uint8Array.of(7));
    await client.send('HSET', '{c}.meta', 'field', 'none of SmartRedis');
    await client.send('SET', everyByte, everyByte);
  }

  const names = [
    ...['tensor', 'texts', 'scalar', 'text', '', 'hash', 'list', 'datasets', 'set', 'ranks', 'stream'],
    ...['{a}.meta', '{b}.meta', '{c}.meta', 'nowhere'],
  ];

  it('tell kind, type, shape, bytes, length and expiry of every kind', async () => {
    await fill();
    const before = Date.now();
    const found = await of(...names, everyByte);
    const [text] = found.filter(({ bytes }) => bytes === 7);
    assert.ok(typeof text?.expiresAt === 'number');
    assert.ok(text.expiresAt > before + 50_000 && text.expiresAt <= Date.now() + 60_000);
    const told = found.map(({ key, missing, expiresAt, ...rest }) => {
      assert.deepEqual(missing, []);
      if (rest.kind !== 'gone' && rest.bytes !== 7) assert.equal(expiresAt, null);
      return [key.length === 256 ? 'everyByte' : Buffer.from(key).toString(), rest];
    });
    assert.deepEqual(Object.fromEntries(told), {
      tensor: { kind: 'tensor', type: 'AI_TENSOR', dtype: 'DOUBLE', shape: [2, 3, 4], bytes: 192 },
      texts: { kind: 'tensor', type: 'AI_TENSOR', dtype: 'STRING', shape: [2] },
      scalar: { kind: 'tensor', type: 'AI_TENSOR', dtype: 'INT8', shape: [], bytes: 1 },
      text: { kind: 'string', type: 'string', bytes: 7 },
      '': { kind: 'string', type: 'string', bytes: 0 },
      hash: { kind: 'hash', type: 'hash', length: 2 },
      list: { kind: 'list', type: 'list', length: 3 },
      datasets: { kind: 'aggregationList', type: 'list', length: 2 },
      set: { kind: 'set', type: 'set', length: 1 },
      ranks: { kind: 'zset', type: 'zset', length: 1 },
      stream: { kind: 'stream', type: 'stream', length: 1 },
      '{a}.meta': { kind: 'dataset', type: 'hash', length: 1, complete: true },
      '{b}.meta': { kind: 'dataset', type: 'hash', length: 1, complete: false },
      '{c}.meta': { kind: 'hash', type: 'hash', length: 1 },
      nowhere: { kind: 'gone' },
      everyByte: { kind: 'string', type: 'string', bytes: 256 },
    });
  });

  it('take one round trip for TYPE, one for the facts, and a third for lists alone', async () => {
    await fill();
    const trips: string[][] = [];
    const [shard] = database.shards;
    const connection = await database.connection(shard!);
    const counted: Ask = (questions) => {
      trips.push(questions.map(({ words: [name] }) => name));
      return connection.askAll(questions.map(({ words }) => words));
    };
    await detailsBy(counted, names.map(utf8));
    assert.equal(trips.length, 3);
    assert.deepEqual(new Set(trips[0]), new Set(['TYPE']));
    assert.equal(trips[1]?.filter((name) => name === 'PTTL').length, names.length - 1);
    assert.deepEqual(trips[2], ['LINDEX', 'LINDEX']);
    // Memory of lists alone is asked for: that of tensors goes through them.
    assert.equal(trips.flat().filter((name) => name === 'MEMORY').length, 2);
  });

  it('do not read the elements of a list whose elements are large', async () => {
    await client.send('RPUSH', 'large', `{${'x'.repeat(1024 * 1024)}}`);
    const [details] = await of('large');
    assert.equal(details?.kind, 'list');
    assert.match(Buffer.from((await client.send('INFO', 'commandstats')) as Uint8Array).toString(), /llen/);
    assert.doesNotMatch(
      Buffer.from((await client.send('INFO', 'commandstats')) as Uint8Array).toString(),
      /lindex/,
    );
  });

  /** What each command is needed for. */
  const facts: Readonly<Record<string, readonly [name: string, fact: keyof KeyDetails]>> = {
    'ai.tensorget': ['tensor', 'shape'],
    pttl: ['text', 'expiresAt'],
    strlen: ['text', 'bytes'],
    hlen: ['hash', 'length'],
    llen: ['list', 'length'],
    scard: ['set', 'length'],
    zcard: ['ranks', 'length'],
    xlen: ['stream', 'length'],
    hexists: ['{a}.meta', 'complete'],
    'memory|usage': ['datasets', 'kind'],
    lindex: ['datasets', 'kind'],
  };
  for (const [command, [name, fact]] of Object.entries(facts))
    it(`miss one fact alone where ${command} is denied, and name it`, async () => {
      await fill();
      const whole = await of(...names);
      await client.send('ACL', 'SETUSER', 'guest', 'on', '>secret', '~*', '+@all', `-${command}`);
      const guest = await lookedInto([server.port], { user: 'guest', secret: 'secret' });
      try {
        const found = await readDetails(guest, names.map(utf8));
        const right = command.toUpperCase().replace('|', ' ');
        for (const [at, { missing, expiresAt, ...rest }] of found.entries()) {
          const { expiresAt: expected, missing: none, ...others } = whole[at]!;
          assert.deepEqual(none, []);
          assert.ok(command === 'pttl' || (expiresAt === null) === (expected === null));
          if (names[at] === name) {
            assert.ok(missing.includes(right), `${String(missing)} has no ${right}`);
            if (fact !== 'kind') assert.equal(found[at]![fact], undefined);
          }
          if (!missing.includes(right)) assert.deepEqual(rest, others);
        }
      } finally {
        guest.dispose();
      }
    });

  it('tell the kinds where TYPE is denied, by the one question that is answered', async () => {
    await fill();
    const whole = await of(...names);
    await client.send('ACL', 'SETUSER', 'guest', 'on', '>secret', '~*', '+@all', '-type');
    const guest = await lookedInto([server.port], { user: 'guest', secret: 'secret' });
    try {
      const found = await readDetails(guest, names.map(utf8));
      assert.deepEqual(
        found.map(({ key, kind, bytes, length, shape, missing }) => ({
          key,
          kind,
          bytes,
          length,
          shape,
          missing,
        })),
        whole.map(({ key, kind, bytes, length, shape }) => ({
          ...{ key, kind, bytes, length, shape },
          missing: kind === 'gone' ? [] : ['TYPE'],
        })),
      );
    } finally {
      guest.dispose();
    }
  });

  it('name the access to keys that a user may not see, and show the others', async () => {
    await fill();
    await client.send('ACL', 'SETUSER', 'guest', 'on', '>secret', '~te*', '+@all');
    const guest = await lookedInto([server.port], { user: 'guest', secret: 'secret' });
    try {
      const [tensor, hash] = await readDetails(guest, [utf8('tensor'), utf8('hash')]);
      assert.equal(tensor?.bytes, 192);
      assert.deepEqual(hash, { key: utf8('hash'), kind: 'unknown', missing: ['access to the key'] });
    } finally {
      guest.dispose();
    }
  });

  it('say that a key is gone that vanishes between the questions, and look again at one whose kind changes', async () => {
    await client.send('AI.TENSORSET', 'vanishes', 'INT8', 1);
    await client.send('SET', 'changes', 'x');
    const connection = await database.connection(database.shards[0]!);
    let trip = 0;
    const disturbed: Ask = async (questions) => {
      trip += 1;
      if (trip === 2) {
        await client.send('DEL', 'vanishes', 'changes');
        await client.send('SADD', 'changes', 'a', 'b');
      }
      return connection.askAll(questions.map(({ words }) => words));
    };
    const [vanished, changed] = await detailsBy(disturbed, [utf8('vanishes'), utf8('changes')]);
    assert.equal(vanished?.kind, 'gone');
    assert.deepEqual([changed?.kind, changed?.length], ['set', 2]);
  });

  it('are unknown, with the reason, when the server is gone', async () => {
    await fill();
    await of('text');
    await server.stop();
    const [text] = await of('text');
    assert.equal(text?.kind, 'unknown');
    assert.match(text.refusal ?? '', /closed|ECONNREFUSED/);
  });
});
