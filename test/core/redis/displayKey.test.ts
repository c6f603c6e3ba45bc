import assert from 'node:assert/strict';
import { utf8 } from '../../../src/core/base/bytes';
import { copiedKey, displayKey, parseTypedKey, parseTypedPattern } from '../../../src/core/redis/displayKey';
import { matchGlob } from '../../../src/core/keyspace/names/nameMatch';
import { random } from '../../support/random';

describe('displayKey', () => {
  it('shows what can be seen as it is', () => {
    for (const text of ['ens_1.{ds}.meta', 'größe/日本/🌊', ' two  spaces ', '', '<b>&amp;</b>', '"quoted"'])
      assert.equal(displayKey(utf8(text)), text);
  });

  it('escapes what cannot be seen, and what turns the direction', () => {
    assert.equal(displayKey(utf8('a\nb\0c\x7f\\')), 'a\\x0ab\\x00c\\x7f\\\\');
    assert.equal(
      displayKey(utf8('\u202egnp.\u200b\ufeff\u00a0\u0085\ue000\u{e0041}')),
      '\\u{202e}gnp.\\u{200b}\\u{feff}\\u{a0}\\u{85}\\u{e000}\\u{e0041}',
    );
  });

  it('escapes bytes that are no UTF-8', () => {
    const bytes = [
      [0xed, 0xeb],
      [0xc0, 0xaf],
      [0xe0, 0x80, 0xaf],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xf0, 0x8f, 0xbf, 0xbf],
      [0xc3],
      [0xe6, 0x97],
    ];
    for (const each of bytes)
      assert.equal(displayKey(Uint8Array.from(each)), each.map((byte) => `\\x${byte.toString(16)}`).join(''));
  });

  it('cuts what is long, between characters', () => {
    assert.equal(displayKey(new Uint8Array(1024 ** 2).fill(0x61)), `${'a'.repeat(512)}…`);
    assert.equal(displayKey(utf8('éééé'), 3), 'ééé…');
    assert.equal(displayKey(utf8('ééé'), 3), 'ééé');
    assert.equal(displayKey(utf8('a\nb'), 2), 'a\\x0a…');
  });

  it('gives text from which parseTypedKey makes the same bytes', () => {
    for (const key of randomKeys(7)) {
      const text = displayKey(key);
      assert.deepEqual(parseTypedKey(text), key, `${Buffer.from(key).toString('hex')} as ${text}`);
      const safe = text.replaceAll(/\\(\\|x[0-9a-f]{2}|u\{[0-9a-f]+\})/g, '');
      assert.doesNotMatch(safe, /[\p{Cc}\p{Cf}\ufffd\\]/u);
    }
  });
});

/** Names of random bytes, characters and what looks like escapes. */
function* randomKeys(seed: number): Generator<Uint8Array> {
  const next = random(seed);
  const pieces = ['\\', 'x41', 'u{41}', '\u202e', 'é', '🌊', '\\x', '\\u{', '}', '\0', 'plain', '\ufeff'];
  for (let round = 0; round < 20_000; round++) {
    const parts = Array.from({ length: Math.floor(next() * 8) }, () =>
      next() < 0.5
        ? Uint8Array.from({ length: 1 + Math.floor(next() * 4) }, () => Math.floor(next() * 256))
        : utf8(pieces[Math.floor(next() * pieces.length)]!),
    );
    yield Uint8Array.from(parts.flatMap((part) => [...part]));
  }
}

describe('copiedKey', () => {
  it('gives text from which parseTypedKey makes the same bytes, whatever they are', () => {
    for (const key of randomKeys(8)) assert.deepEqual(parseTypedKey(copiedKey(key)), key);
  });

  it('gives names as they are where they mean themselves', () => {
    for (const name of ['ens_0.{ds}.é', 'C:\\dir', 'a\\', '']) assert.equal(copiedKey(utf8(name)), name);
    assert.deepEqual(
      ['a\\x41', 'a\nb', '\\\\', 'a\u202eb'].map((name) => copiedKey(utf8(name))),
      ['a\\\\x41', 'a\\x0ab', '\\\\\\\\', 'a\\u{202e}b'],
    );
  });

  it('cuts nothing of a long name', () => {
    const binary = Uint8Array.from({ length: 300_000 }, (_, at) => (at * 7) % 256);
    const text = copiedKey(binary);
    assert.deepEqual(parseTypedKey(text), binary);
    assert.equal(copiedKey(new Uint8Array(1024 ** 2).fill(0x61)).length, 1024 ** 2);
  });
});

describe('parseTypedPattern', () => {
  it('makes of a shown name, with a backslash before what is special, a pattern for that name alone', () => {
    let before: Uint8Array | undefined;
    for (const key of randomKeys(9)) {
      const typed = displayKey(key, Infinity).replaceAll(/[*?[]/g, '\\$&');
      const matches = matchGlob(parseTypedPattern(typed));
      assert.ok(matches(key), typed);
      if (before !== undefined && Buffer.compare(before, key) !== 0) assert.ok(!matches(before), typed);
      before = key;
    }
  });

  it('leaves to Redis what is its own, and takes what is escaped as it is', () => {
    for (const text of ['a\\*b', '[^a-c]*?', '\\\\', 'é\\x', '[\\]]'])
      assert.deepEqual(parseTypedPattern(text), utf8(text));
    assert.deepEqual(parseTypedPattern('\\x2a\\x5c\\u{e9}*'), utf8('\\*\\\\é*'));
    assert.deepEqual(parseTypedPattern('[\\x00-\\x1f]'), utf8('[\0-\x1f]'));
  });
});

describe('parseTypedKey', () => {
  it('takes a backslash that begins no escape as one', () => {
    for (const text of ['a\\b', 'a\\', '\\xZ1', '\\u{110000}', '\\u{d800}', '\\u{}'])
      assert.deepEqual(parseTypedKey(text), utf8(text));
    assert.deepEqual(parseTypedKey('\\x41\\u{E9}\\\\x41'), utf8('Aé\\x41'));
  });
});
