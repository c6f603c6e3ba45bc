import assert from 'node:assert/strict';
import { joinBytes, utf8 } from '../../../src/core/base/bytes';
import { messageOf } from '../../../src/core/base/problem';
import type { Database } from '../../../src/core/database/database';
import { readValue, type ValueRequest } from '../../../src/core/value/readValue';
import type { ValueText } from '../../../src/core/value/texts/valueText';
import { EngineServer } from '../../support/engineServer';
import { lookedInto } from '../../support/lookedInto';
import type { RespClient } from '../../support/respClient';

const mebibyte = 1024 ** 2;
const { signal } = new AbortController();
const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

describe('values as text', function () {
  this.timeout(60_000);
  let server: EngineServer;
  let client: RespClient;
  let database: Database;

  beforeEach(async () => {
    server = await EngineServer.start(['--proto-max-bulk-len', String(1024 * mebibyte)]);
    client = await server.client();
    database = await lookedInto([server.port]);
  });
  afterEach(async () => {
    database.dispose();
    await server.stop();
  });

  async function read(key: string | Uint8Array, request: ValueRequest = {}): Promise<ValueText> {
    const found = await readValue(database, typeof key === 'string' ? utf8(key) : key, request, signal);
    assert.ok(found.ok, found.problems.map(messageOf).join());
    return found.value;
  }

  async function refused(key: string, request: ValueRequest = {}, from = database): Promise<string> {
    const found = await readValue(from, utf8(key), request, signal);
    assert.ok(!found.ok, `${key} was shown`);
    return `${found.problems[0]!.code}: ${messageOf(found.problems[0]!)}`;
  }

  async function commandStats(): Promise<string> {
    return Buffer.from((await client.send('INFO', 'commandstats')) as Uint8Array).toString();
  }

  it('show strings up to 64 KiB, and say how much more there is', async () => {
    await client.send('SET', 'whole', 'a'.repeat(64 * 1024));
    await client.send('SETRANGE', 'large', 100 * mebibyte, 'x');
    const whole = await read('whole');
    assert.equal(whole.text, `# string, 65\u00a0536 bytes\n${'a'.repeat(64 * 1024)}`);
    assert.equal(whole.partial, false);
    const large = await read('large');
    assert.match(large.text, /^# string, the first 65\u00a0536 of 104\u00a0857\u00a0601 bytes\n\\x00/);
    assert.equal(large.partial, true);
    assert.doesNotMatch(await commandStats(), /cmdstat_get:/);
  });

  it('show any part of a long string, by its bytes', async () => {
    await client.send('SET', 'large', '0123456789'.repeat(20_000));
    const tail = await read('large', { slice: '[-4:]' });
    assert.equal(tail.text, '# string, 4 bytes from 199\u00a0996 on, of 200\u00a0000\n6789');
    assert.equal(tail.partial, true);
    const middle = await read('large', { slice: '100003:' });
    assert.match(middle.text, /^# string, 65\u00a0536 bytes from 100\u00a0003 on, of 200\u00a0000\n34567/);
    assert.match(
      (await read('large', { slice: '[70000:70002]', form: { as: 'hex' } })).text,
      /\n00011170 {2}30 31 /,
    );
    const array = { as: 'array', type: 'INT16', shape: [2] } as const;
    assert.match((await read('large', { slice: '2:6', form: array })).text, /little-endian\n\[13106 13620\]/);
    assert.match(await refused('large', { slice: '[200000:]' }), /^slice-does-not-fit/);
    assert.match(await refused('large', { slice: '[::2]' }), /^slice-invalid/);
    assert.match(await refused('large', { slice: '[0, 1]' }), /^slice-invalid/);
    assert.match(await refused('large', { slice: 'x' }), /^slice-invalid/);
    assert.doesNotMatch(await commandStats(), /cmdstat_get:/);
  });

  it('show the kinds of Redis', async () => {
    await client.send('HSET', 'hash', 'b', 'x\n', 'a', '\u202e<img onerror=x>');
    await client.send('RPUSH', 'list', 'one', Uint8Array.of(0, 255));
    await client.send('SADD', 'set', 'm', 'k');
    await client.send('ZADD', 'ranks', '1.5', 'high', '-inf', 'low');
    await client.send('XADD', 'stream', '5-1', '', '', 'f\r', 'v');
    await client.send('XADD', 'stream', '6-1', 'f', 'v');
    await client.send('RPUSH', 'datasets', 'p.{a}', 'stray');
    await client.send('RPUSH', 'datasets', '{b}');
    assert.equal((await read('hash')).text, '# hash, 2 fields\na: \\u{202e}<img onerror=x>\nb: x\\x0a\n');
    assert.equal((await read('list')).text, '# list, 2 elements\n0: one\n1: \\x00\\xff\n');
    assert.equal((await read('set')).text, '# set, 2 members\nk\nm\n');
    assert.equal((await read('ranks')).text, '# zset, 2 members\n-inf: low\n1.5: high\n');
    assert.equal((await read('stream')).text, '# stream, 2 entries\n5-1\n  : \n  f\\x0d: v\n6-1\n  f: v\n');
    assert.equal(
      (await read('datasets')).text,
      '# list of datasets, 3 datasets\n0: p.{a}\n1: stray  # names no dataset\n2: {b}\n',
    );
  });

  it('show the first 200 of many', async () => {
    for (let at = 0; at < 1000; at += 1) {
      await client.send('HSET', 'hash', `field ${at}`, 1);
      await client.send('RPUSH', 'list', at);
      await client.send('SADD', 'set', `member ${at}`);
      await client.send('ZADD', 'ranks', at, `member ${at}`);
      await client.send('XADD', 'stream', '*', 'f', at, 'g', at);
    }
    for (const key of ['hash', 'list', 'set', 'ranks', 'stream']) {
      const { text, partial } = await read(key);
      assert.match(text, /^# \w+, the first (200|19\d) of 1\u00a0000 /, key);
      assert.equal(partial, true);
    }
  });

  it('read few elements where they are large, and none where one is too large', async () => {
    const name = (at: number): Uint8Array => new Uint8Array(mebibyte).fill(97 + at);
    for (let at = 0; at < 20; at += 1) await client.send('HSET', 'names', name(at), 'x');
    for (let at = 0; at < 20; at += 1) await client.send('RPUSH', 'blobs', name(at));
    await client.send('RPUSH', 'one', new Uint8Array(20 * mebibyte));
    const { text, partial } = await read('blobs');
    assert.match(text, /^# list, the first \d of 20 elements\n0: a{512}… \(1048576 bytes\)\n/);
    assert.equal(partial, true);
    const names = await read('names');
    assert.match(names.text, /^# hash, the first \d of 20 fields\n.{512}… \(1048576 bytes\): x\n/);
    assert.match((await read('one')).text, /too large to be shown/);
    assert.ok(Buffer.byteLength(names.text) < 64 * 1024);
  });

  it('show small tensors, and slices of any', async () => {
    const numbers = new Float64Array([0.1, -0, NaN, Infinity, 1e300, 6]);
    await client.send('AI.TENSORSET', 'small', 'DOUBLE', 2, 3, 'BLOB', new Uint8Array(numbers.buffer));
    await client.send('AI.TENSORSET', 'texts', 'STRING', 2, 'VALUES', '\u202ea"', 'b');
    await client.send('AI.TENSORSET', 'large', 'INT8', 512, 1024, 1024);
    assert.match(
      (await read('small')).text,
      /^# tensor DOUBLE 2 × 3\n# \[:, :\], 6 elements\n# of all: .*1 × NaN, 1 × Infinity\n\[\[ {5}0\.1 {7}-0 {6}NaN\]\n \[Infinity {3}1e\+300 {8}6\]\]\n$/,
    );
    assert.match((await read('texts')).text, /\["\\u\{202e\}a\\"" {2,}"b"\]/);
    const before = Number(
      /used_memory_peak:(\d+)/.exec(
        Buffer.from((await client.send('INFO', 'memory')) as Uint8Array).toString(),
      )![1],
    );
    const slice = await read('large', { slice: '[-1, 5, ::256]' });
    assert.match(slice.text, /# \[511, 5, ::256\], 4 of 536870912 elements\n[^[]*\[0 0 0 0\]\n$/);
    assert.equal(slice.partial, true);
    assert.match((await read('large')).text, /# \[:10, :10, :10\], 1000 of 536870912 elements/);
    const after = Number(
      /used_memory_peak:(\d+)/.exec(
        Buffer.from((await client.send('INFO', 'memory')) as Uint8Array).toString(),
      )![1],
    );
    assert.ok(after - before < 16 * mebibyte);
    assert.match(await refused('small', { slice: '[2]' }), /slice-does-not-fit/);
    assert.match(await refused('small', { slice: '[x]' }), /slice-invalid/);
  });

  describe('where parts of tensors are not served', () => {
    let guest: Database;

    async function connectGuest(...rights: readonly string[]): Promise<void> {
      await client.send('ACL', 'SETUSER', 'guest', 'on', '>secret', '~*', '+@all', ...rights);
      guest = await lookedInto([server.port], { user: 'guest', secret: 'secret' });
    }
    afterEach(() => {
      guest.dispose();
    });

    for (const denied of ['tensor.version', 'tensor.slice', 'tensor.statistics'])
      it(`show a tensor nevertheless: ${denied}`, async () => {
        await client.send('AI.TENSORSET', 'small', 'INT8', 2, 3, 'VALUES', 1, 2, 3, 4, 5, 6);
        await connectGuest(`-${denied}`);
        const found = await readValue(guest, utf8('small'), { slice: '[::-1, 0]' }, signal);
        assert.ok(found.ok);
        assert.match(found.value.text, /\[4 1\]\n$/);
      });

    it('copy a tensor only where the server has room for it', async () => {
      await client.send('AI.TENSORSET', 'large', 'INT8', 16, mebibyte);
      await connectGuest('-tensor.version');
      assert.ok((await readValue(guest, utf8('large'), { slice: '[0, :4]' }, signal)).ok);
      await client.send('CONFIG', 'SET', 'maxmemory', 24 * mebibyte);
      assert.match(
        await refused('large', { slice: '[0, :4]' }, guest),
        /value-without-headroom: .*copy 16777216 bytes, and of its 25165824 bytes of memory \d+ are free/,
      );
      assert.equal(/cmdstat_AI\.TENSORGET:calls=(\d+)/i.exec(await commandStats())?.[1], '4');
    });

    it('copy no large tensor where the server does not tell its memory', async () => {
      await client.send('AI.TENSORSET', 'large', 'INT8', 16, mebibyte);
      await connectGuest('-tensor.version', '-info');
      assert.match(await refused('large', {}, guest), /value-size-unproved/);
    });
  });

  it('decode the metadata of a dataset, and say what is wrong with it', async () => {
    const text = (...texts: readonly string[]): Uint8Array => {
      const lengths = texts.map((one) => new Uint8Array(BigUint64Array.of(BigInt(utf8(one).length)).buffer));
      return joinBytes([Uint8Array.of(7), ...texts.flatMap((one, at) => [lengths[at]!, utf8(one)])]);
    };
    const key = 'ens.{weather}.meta';
    await client.send('HSET', key, '.tensor_names', text('t', 'lost', 'word'), 'x', text('a', '"\u202e'));
    await client.send('HSET', key, 'n', hex('03ffffffff07000000'), 'bad', 'zzz', '.COMPLETE', 1);
    await client.send('HSET', key, '_xarray_data_names', text('t'), '_xarray_t_dim_names', text('lat,lon'));
    await client.send('AI.TENSORSET', 'ens.{weather}.t', 'FLOAT', 2, 2);
    await client.send('SET', 'ens.{weather}.word', 'x');
    const { text: shown, partial } = await read(key);
    assert.equal(partial, false);
    assert.equal(
      shown,
      `# dataset weather
# all of it was written (.COMPLETE)

tensors:
  t: FLOAT 2 × 2, 16 bytes
  lost: missing, though the dataset names it
  word: no tensor

metadata:
  _xarray_data_names: STRING ["t"]
  _xarray_t_dim_names: STRING ["lat,lon"]
  bad: # cannot be read: it begins with the type 122, and SmartRedis has the types 1 to 7
  n: INT32 [-1, 7]
  x: STRING ["a", "\\"\\u{202e}"]

xarray:
  t: dimensions lat,lon; coordinates not told; attributes not told
`,
    );
    await client.send('HSET', key, '.tensor_names', Uint8Array.of(7, 1));
    await client.send('HDEL', key, '.COMPLETE');
    assert.match(
      (await read(key)).text,
      /\.COMPLETE is missing[^]*\.tensor_names cannot be read: text 0 ends/,
    );
  });

  it('are shown of a database that is locked as of any other', async () => {
    await client.send('SET', 'text', 'abc');
    await client.send('HSET', '{d}.meta', '.tensor_names', Uint8Array.of(7), '.COMPLETE', 1);
    await client.send('RPUSH', 'list', '{d}');
    await client.send('SADD', 'set', 'm');
    await client.send('ZADD', 'ranks', 1, 'm');
    await client.send('XADD', 'stream', '1-1', 'f', 'v');
    await client.send('AI.TENSORSET', 'tensor', 'INT8', 2, 'VALUES', 1, 2);
    const foreign = await lookedInto([server.port], { own: false });
    try {
      for (const key of ['text', '{d}.meta', 'list', 'set', 'ranks', 'stream', 'tensor']) {
        const found = await readValue(foreign, utf8(key), { slice: '[0]' }, signal);
        assert.ok(found.ok, `${key}: ${found.problems.map(messageOf).join()}`);
        assert.deepEqual(found.value, await read(key, { slice: '[0]' }));
        assert.deepEqual(found.value.missing, []);
      }
    } finally {
      foreign.dispose();
    }
  });

  it('say that a key is gone', async () => {
    assert.match(await refused('nowhere'), /^value-gone: There is no key nowhere any more/);
  });

  it('are told of in few words, however long a name or an element is', async () => {
    const long = 'n'.repeat(mebibyte);
    assert.ok((await refused(long)).length < 1000);
    await client.send('AI.TENSORSET', 'texts', 'STRING', 2, 'VALUES', 'v'.repeat(mebibyte), 'short');
    const { text } = await read('texts');
    assert.match(text, /vvv… \(1048576 bytes\)" +"short"/);
    assert.ok(text.length < 3000);
    const name = `{${'d'.repeat(mebibyte)}}.meta`;
    await client.send('HSET', name, '.COMPLETE', 'x');
    assert.match((await read(name)).text, /^# dataset d{512}… \(1048576 bytes\)\n/);
  });

  it('never tell a length that is not that of what is shown, while others write', async () => {
    const writer = await server.client();
    const stop = new AbortController();
    const writing = (async () => {
      for (let length = 1; !stop.signal.aborted; length = (length % 60_000) + 977)
        await writer.send('SET', 'restless', 'x'.repeat(length));
    })();
    await client.send('SET', 'restless', 'x');
    for (let look = 0; look < 300; look += 1) {
      const { text } = await read('restless');
      const [head = '', body = ''] = text.split('\n');
      assert.equal(Number(head.replace(/\D/g, '')), body.length);
    }
    stop.abort();
    await writing;
  });

  describe('of a user without a right', () => {
    const shown: Readonly<Record<string, readonly [command: string, rest: RegExp]>> = {
      strlen: ['text', /^# string, 3 bytes\nabc$/],
      hlen: ['hash', /^# hash, 1 fields; how many there are was not told\na: b\n$/],
      llen: ['list', /0: x\n$/],
      scard: ['set', /\nm\n$/],
      zcard: ['ranks', /1: m\n$/],
      xlen: ['stream', /\n {2}f: v\n$/],
      'memory|usage': ['hash', /\na: b\n$/],
      multi: ['hash', /^# hash, 1 fields\na: b\n$/],
      exec: ['text', /^# string, 3 bytes\nabc$/],
      type: ['hash', /^# hash, 1 fields\na: b\n$/],
      pttl: ['text', /abc/],
      hstrlen: ['{d}.meta', /metadata:/],
      hget: ['{d}.meta', /metadata:\n {2}n: INT32 \[7\]/],
    };
    const needed: Readonly<Record<string, string>> = {
      getrange: 'text',
      hscan: 'hash',
      lrange: 'list',
      sscan: 'set',
      zrange: 'ranks',
      xrange: 'stream',
      'ai.tensorget': 'tensor',
    };

    async function withoutRight(command: string, key: string): ReturnType<typeof readValue> {
      await client.send('SET', 'text', 'abc');
      await client.send('HSET', 'hash', 'a', 'b');
      await client.send('RPUSH', 'list', 'x');
      await client.send('SADD', 'set', 'm');
      await client.send('ZADD', 'ranks', 1, 'm');
      await client.send('XADD', 'stream', '*', 'f', 'v');
      await client.send('HSET', '{d}.meta', 'n', hex('0307000000'), '.COMPLETE', 1);
      await client.send('AI.TENSORSET', 'tensor', 'INT8', 1);
      await client.send('ACL', 'SETUSER', 'guest', 'on', '>secret', '~*', '+@all', `-${command}`);
      const guest = await lookedInto([server.port], { user: 'guest', secret: 'secret' });
      try {
        return await readValue(guest, utf8(key), {}, signal);
      } finally {
        guest.dispose();
      }
    }

    for (const [command, [key, expected]] of Object.entries(shown))
      it(`to ${command} are shown nevertheless`, async () => {
        const found = await withoutRight(command, key);
        assert.ok(found.ok, found.problems.map(messageOf).join());
        assert.match(found.value.text, expected);
        if (!['multi', 'exec', 'hget'].includes(command))
          assert.deepEqual(found.value.missing, [command.toUpperCase().replace('|', ' ')]);
      });
    for (const [command, key] of Object.entries(needed))
      it(`to ${command} are not shown, and the right is named`, async () => {
        const found = await withoutRight(command, key);
        assert.ok(!found.ok);
        const [first] = found.problems;
        assert.equal(first!.code, 'value-right-missing');
        assert.ok(messageOf(first!).includes(command.toUpperCase()), messageOf(first!));
      });
  });
});
