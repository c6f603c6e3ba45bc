import assert from 'node:assert/strict';
import { EngineServer } from '../support/engineServer';
import { type Argument, type RespClient } from '../support/respClient';
import { bytesOf, bytesOfStrings, plain, untilTensors } from '../support/tensors';

/** Two elements of each type at its limits, as bytes and as values. */
const samples: readonly [type: string, data: Uint8Array, values: readonly Argument[]][] = [
  ['FLOAT', bytesOf(Float32Array.of(1.5, -3.4028234663852886e38)), ['1.5', '-3.4028234663852886e+38']],
  [
    'DOUBLE',
    bytesOf(Float64Array.of(5e-324, -1.7976931348623157e308)),
    ['5e-324', '-1.7976931348623157e308'],
  ],
  ['INT8', bytesOf(Int8Array.of(-128, 127)), [-128, 127]],
  ['INT16', bytesOf(Int16Array.of(-32768, 32767)), [-32768, 32767]],
  ['INT32', bytesOf(Int32Array.of(-2147483648, 2147483647)), [-2147483648, 2147483647]],
  ['INT64', bytesOf(BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n)), [-(2n ** 63n), 2n ** 63n - 1n]],
  ['UINT8', bytesOf(Uint8Array.of(0, 255)), [0, 255]],
  ['UINT16', bytesOf(Uint16Array.of(0, 65535)), [0, 65535]],
  ['BOOL', bytesOf(Uint8Array.of(0, 1)), [0, 1]],
  ['STRING', bytesOfStrings(['', 'grüße']), ['', 'grüße']],
];

describe('setting and getting tensors', () => {
  let server: EngineServer;
  let client: RespClient;

  before(async () => {
    server = await EngineServer.start();
    client = await server.client();
  });
  after(() => server.stop());

  const meta = (type: string, shape: readonly number[]) => ['dtype', type, 'shape', shape];

  for (const [type, data, values] of samples) {
    it(`keeps ${type} bit by bit, from bytes and from values alike`, async () => {
      assert.equal(await client.send('AI.TENSORSET', 'k', type, 2, 'BLOB', data), 'OK');
      assert.deepEqual(await client.send('AI.TENSORGET', 'k', 'BLOB'), data);
      assert.equal(
        await client.send('ai.tensorset', 'k', type.toLowerCase(), 1, 2, 'values', ...values),
        'OK',
      );
      assert.deepEqual(await client.send('AI.TENSORGET', 'k', 'blob'), data);
      assert.deepEqual(plain(await client.send('AI.TENSORGET', 'k', 'META')), meta(type, [1, 2]));
    });
  }

  for (const [type, , values] of samples.filter(([name]) => !['FLOAT', 'DOUBLE', 'STRING'].includes(name))) {
    it(`gives the values of ${type} as integers`, async () => {
      await client.send('AI.TENSORSET', 'k', type, 2, 'VALUES', ...values);
      assert.deepEqual(await client.send('AI.TENSORGET', 'k', 'VALUES'), values);
    });
  }

  it('gives floats as text that reads back exactly, strings as bytes', async () => {
    await client.send('AI.TENSORSET', 'k', 'DOUBLE', 3, 'VALUES', '0.1', '-1e300', 'inf');
    const doubles = plain(await client.send('AI.TENSORGET', 'k', 'VALUES')) as string[];
    assert.deepEqual([Number(doubles[0]), Number(doubles[1]), doubles[2]], [0.1, -1e300, 'inf']);
    await client.send('AI.TENSORSET', 'k', 'STRING', 2, 'BLOB', bytesOfStrings(['', 'b c']));
    assert.deepEqual(plain(await client.send('AI.TENSORGET', 'k', 'VALUES')), ['', 'b c']);
  });

  it('replies in every form that RedisAI has', async () => {
    await client.send('AI.TENSORSET', 'k', 'INT8', 2, 2, 'VALUES', 1, 2, 3, 4);
    const blob = '\x01\x02\x03\x04';
    const forms: readonly [words: readonly string[], reply: unknown][] = [
      [[], [...meta('INT8', [2, 2]), 'blob', blob]],
      [
        ['META', 'BLOB'],
        [...meta('INT8', [2, 2]), 'blob', blob],
      ],
      [
        ['blob', 'meta'],
        [...meta('INT8', [2, 2]), 'blob', blob],
      ],
      [['META'], meta('INT8', [2, 2])],
      [['BLOB'], blob],
      [
        ['META', 'VALUES'],
        [...meta('INT8', [2, 2]), 'values', [1, 2, 3, 4]],
      ],
      [['VALUES'], [1, 2, 3, 4]],
    ];
    for (const [words, reply] of forms)
      assert.deepEqual(plain(await client.send('AI.TENSORGET', 'k', ...words)), reply, words.join(' '));
  });

  it('takes a tensor without lengths for a scalar', async () => {
    await client.send('AI.TENSORSET', 'k', 'INT16', 'VALUES', -7);
    assert.deepEqual(plain(await client.send('AI.TENSORGET', 'k', 'META', 'VALUES')), [
      ...meta('INT16', []),
      'values',
      [-7],
    ]);
    await client.send('AI.TENSORSET', 'k', 'FLOAT', 'BLOB', bytesOf(Float32Array.of(2)));
    assert.deepEqual(plain(await client.send('AI.TENSORGET', 'k', 'VALUES')), ['2']);
  });

  it('fills with zeros what comes without data', async () => {
    assert.equal(await client.send('AI.TENSORSET', 'k', 'DOUBLE', 2, 3), 'OK');
    assert.deepEqual(await client.send('AI.TENSORGET', 'k', 'BLOB'), new Uint8Array(48));
    await client.send('AI.TENSORSET', 'k', 'STRING', 2);
    assert.deepEqual(plain(await client.send('AI.TENSORGET', 'k', 'VALUES')), ['', '']);
    await client.send('AI.TENSORSET', 'k', 'UINT8', 100, 1024, 1024);
    const large = (await client.send('AI.TENSORGET', 'k', 'BLOB')) as Uint8Array;
    assert.equal(Buffer.compare(large, new Uint8Array(100 * 1024 * 1024)), 0);
  });

  it('keeps 64 MiB bit by bit', async () => {
    const data = new Uint8Array(64 * 1024 * 1024);
    for (let i = 0; i < data.length; i += 4093) data[i] = i & 255;
    await client.send('AI.TENSORSET', 'k', 'UINT8', data.length, 'BLOB', data);
    const back = (await client.send('AI.TENSORGET', 'k', 'BLOB')) as Uint8Array;
    assert.equal(Buffer.compare(back, data), 0);
  });

  it('takes as many dimensions as any framework has', async () => {
    const ones = Array.from({ length: 64 }, () => 1);
    assert.equal(await client.send('AI.TENSORSET', 'k', 'INT8', ...ones, 'VALUES', 5), 'OK');
    assert.deepEqual(plain(await client.send('AI.TENSORGET', 'k', 'META')), meta('INT8', ones));
  });

  it('drops the time to live of what it replaces, as SET does', async () => {
    await client.send('AI.TENSORSET', 'k', 'INT8', 1, 'VALUES', 1);
    await client.send('EXPIRE', 'k', 1000);
    await client.send('AI.TENSORSET', 'k', 'INT8', 1, 'VALUES', 2);
    assert.equal(await client.send('TTL', 'k'), -1);
  });

  it('takes keys of any bytes', async () => {
    const key = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    await client.send('AI.TENSORSET', key, 'INT8', 1, 'VALUES', 9);
    assert.deepEqual(await client.send('AI.TENSORGET', key, 'VALUES'), [9]);
  });

  it('replies over RESP3 in the same structures, floats as doubles', async () => {
    const other = await server.client();
    await other.send('HELLO', 3);
    await other.send('AI.TENSORSET', 'k', 'FLOAT', 3, 'VALUES', 1.5, '-inf', -2);
    assert.deepEqual(await other.send('AI.TENSORGET', 'k', 'VALUES'), [1.5, -Infinity, -2]);
    const whole = plain(await other.send('AI.TENSORGET', 'k')) as unknown[];
    assert.deepEqual(whole.slice(0, 4), meta('FLOAT', [3]));
  });

  it('replies the same in a server whose commands bear other names', async () => {
    // What the engine asks the server to say is not there, or says something else.
    const renamings: readonly (readonly string[])[] = [
      ['ECHO', '', 'UNWATCH', ''],
      ['ECHO', '', 'UNWATCH', '', 'GET', 'ECHO', 'TIME', 'UNWATCH'],
    ];
    for (const names of renamings) {
      const args = names.flatMap((name, at) => (at % 2 === 0 ? ['--rename-command', name] : [name]));
      const renamed = await EngineServer.start(args);
      try {
        const other = await renamed.client();
        assert.equal(await other.send('AI.TENSORSET', 'k', 'BOOL', 2, 'VALUES', 1, 0), 'OK');
        assert.deepEqual(plain(await other.send('AI.TENSORGET', 'k', 'META')), meta('BOOL', [2]));
      } finally {
        await renamed.stop();
      }
    }
  });

  it('holds no tensor longer than its key', async () => {
    for (let i = 0; i < 50; i++) await client.send('AI.TENSORSET', 'k', 'INT32', 10, 10);
    await client.send('FLUSHALL', 'SYNC');
    await untilTensors(client, 0);
  });
});
