import assert from 'node:assert/strict';
import { RedisRefusal } from '../../../../src/core/redis/redisFailure';
import type { Reply } from '../../../../src/core/redis/wire/reply';
import { ReplyBuilder } from '../../../../src/core/redis/wire/replyBuilder';
import { BrokenReply, ReplyParser, type ReplyBounds } from '../../../../src/core/redis/wire/replyParser';
import { random } from '../../../support/random';

const bounds: ReplyBounds = { replyBytes: 1024 ** 2, elements: 1000, depth: 4 };
const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

/** What the parser makes of pieces, and of what it says at a place that it cannot understand. */
function parsed(
  pieces: readonly Uint8Array[],
  within = bounds,
): { readonly replies: readonly Reply[]; readonly broken?: string } {
  const replies: Reply[] = [];
  const builder = new ReplyBuilder();
  const parser = new ReplyParser(within, {
    visitor: () => builder,
    ended: () => replies.push(builder.take()),
  });
  try {
    for (const piece of pieces) {
      parser.take(piece);
      // A reused buffer: what was kept of it is spoilt.
      piece.fill(0xff);
    }
  } catch (error) {
    if (!(error instanceof BrokenReply)) throw error;
    return { replies, broken: error.message };
  }
  return { replies };
}

const inOnePiece = (text: string, within = bounds): ReturnType<typeof parsed> =>
  parsed([bytesOf(text)], within);
const inPieces = (text: string, size: number): ReturnType<typeof parsed> =>
  parsed(
    Array.from({ length: Math.ceil(text.length / size) }, (_, piece) =>
      bytesOf(text.slice(piece * size, (piece + 1) * size)),
    ),
  );

/** As a real server answers SCAN, HGETALL, CLUSTER SLOTS, INFO, EXEC and refusals. */
const recorded = [
  '*2\r\n$20\r\n14618352017683153921\r\n*3\r\n$3\r\na\0b\r\n$0\r\n\r\n$4\r\n\r\n\r\n\r\n',
  '+OK\r\n',
  ':-5\r\n',
  ':9223372036854775807\r\n',
  '$-1\r\n',
  '*-1\r\n',
  '*0\r\n',
  "-NOPERM User a has no permissions to run the 'type' command\r\n",
  '*1\r\n*3\r\n:0\r\n:16383\r\n*4\r\n$9\r\n127.0.0.1\r\n:7000\r\n$2\r\nid\r\n*0\r\n',
  `$300\r\n${'x'.repeat(300)}\r\n`,
  '*3\r\n-ERR no\r\n+QUEUED\r\n:1\r\n',
].join('');

describe('a parser of replies', () => {
  it('gives every kind of value', () => {
    const { replies, broken } = inOnePiece(recorded);
    assert.equal(broken, undefined);
    assert.deepEqual(replies.slice(1, 8), [
      'OK',
      -5,
      9223372036854775807n,
      null,
      null,
      [],
      new RedisRefusal("NOPERM User a has no permissions to run the 'type' command"),
    ]);
    const [cursor, names] = replies[0] as readonly [Uint8Array, readonly Uint8Array[]];
    assert.equal(Buffer.from(cursor).toString(), '14618352017683153921');
    assert.deepEqual(
      names.map((name) => Buffer.from(name).toString('latin1')),
      ['a\0b', '', '\r\n\r\n'],
    );
  });

  it('gives the same however the bytes are cut', () => {
    const whole = inOnePiece(recorded);
    for (let size = 1; size < 40; size += 1) assert.deepEqual(inPieces(recorded, size), whole);
  });

  for (const [what, text, said] of [
    ['a text beyond the bounds', '$1048577\r\n', /a reply of 10485\d\d bytes or more/],
    ['a text of 2^31 bytes', '$2147483648\r\n', /a reply of 21474836\d\d bytes or more/],
    ['a text of no length', '$\r\n', /a number that is none/],
    ['a negative length', '$-2\r\n', /a length of -2/],
    ['a length beyond all numbers', '*99999999999999999999\r\n', /a length of 99999999999999999999/],
    ['a list beyond the bounds', '*1001\r\n', /lists of 1001 elements/],
    ['lists that are too many together', `*2\r\n*999\r\n${':1\r\n'.repeat(999)}`, /lists of 1001 elements/],
    ['lists in lists', '*1\r\n'.repeat(5), /more than 4 deep/],
    ['a line without an end', `+${'a'.repeat(70_000)}`, /a line without an end/],
    ['a line with half of an end', '+OK\n', /a line without its end/],
    ['a text that is longer than it says', '$2\r\nabc\r\n', /not as long as it says/],
    ['another protocol', 'HTTP/1.1 400 Bad Request\r\n', /begins with the byte 72/],
    ['RESP3', '%1\r\n', /begins with the byte 37/],
    [
      'a reply of many texts',
      `*900\r\n${`$2000\r\n${'x'.repeat(2000)}\r\n`.repeat(900)}`,
      /a reply of 10\d{5} bytes or more/,
    ],
    [
      'a reply of many lines',
      `*900\r\n${`+${'x'.repeat(2000)}\r\n`.repeat(900)}`,
      /a reply of 10\d{5} bytes or more/,
    ],
    ['a list of refusals', `*1000\r\n${'-E\r\n'.repeat(1000)}*1000\r\n${'-E\r\n'.repeat(1000)}`, undefined],
  ] as const)
    it(`${said === undefined ? 'takes' : 'refuses'} ${what}, however it is cut`, () => {
      for (const { broken } of [inOnePiece(text), inPieces(text, 1000), inPieces(text, 7)])
        if (said === undefined) assert.equal(broken, undefined);
        else assert.match(broken ?? '', said);
    });

  it('refuses a list of more refusals, each of which takes many times its bytes', () => {
    const wide = { ...bounds, elements: 2000 };
    const { broken } = inOnePiece(`*1001\r\n${'-E\r\n'.repeat(1001)}`, wide);
    assert.match(broken ?? '', /more than 1000 refusals in one reply/);
  });

  it('takes memory for what has come, not for what was announced', () => {
    const within = { ...bounds, replyBytes: 2 ** 31 };
    const before = process.memoryUsage().arrayBuffers;
    const kept = Array.from({ length: 20 }, () => {
      const parser = new ReplyParser(within, { visitor: () => new ReplyBuilder(), ended: () => undefined });
      parser.take(bytesOf('$2000000000\r\nabc'));
      return parser;
    });
    assert.equal(kept.length, 20);
    assert.ok(process.memoryUsage().arrayBuffers - before < 1024 ** 2);
  });

  it('copies a large text about once, in however small pieces it comes', () => {
    const length = 900_000;
    const piece = new Uint8Array(100).fill(0x61);
    const builder = new ReplyBuilder();
    const parser = new ReplyParser(bounds, { visitor: () => builder, ended: () => undefined });
    let copied = 0;
    const set = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), 'set')!
      .value as Uint8Array['set'];
    Uint8Array.prototype.set = function (from: ArrayLike<number>, at?: number): void {
      copied += from.length;
      set.call(this, from, at);
    };
    try {
      parser.take(bytesOf(`$${length}\r\n`));
      for (let sent = 0; sent < length; sent += piece.length) parser.take(piece);
      parser.take(bytesOf('\r\n'));
    } finally {
      Reflect.deleteProperty(Uint8Array.prototype, 'set');
    }
    assert.equal((builder.take() as Uint8Array).length, length);
    assert.ok(copied < 4 * length, `${copied} bytes for ${length}`);
  });

  it('survives whatever comes, the same however it is cut', () => {
    const next = random(22);
    const upTo = (most: number): number => Math.floor(next() * most);
    const hostile = [
      '\r',
      '\n',
      '$',
      '*',
      '-',
      ':',
      '+',
      '9',
      '\0',
      '\r\n',
      '$1000000\r\n',
      '*900\r\n',
      '*1\r\n',
      '$-1\r\n',
    ];
    for (let round = 0; round < Number(process.env['FUZZ_REPLIES'] ?? 3000); round += 1) {
      let text = recorded.slice(upTo(recorded.length)) + recorded.slice(0, upTo(recorded.length));
      for (let change = upTo(6); change > 0; change -= 1) {
        const at = upTo(text.length);
        text = text.slice(0, at) + (hostile[upTo(hostile.length)] ?? '') + text.slice(at + upTo(4));
      }
      const whole = inOnePiece(text);
      assert.deepEqual(inPieces(text, 1 + upTo(50)), whole, JSON.stringify(text));
    }
  });
});
