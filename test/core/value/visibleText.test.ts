import assert from 'node:assert/strict';
import { utf8 } from '../../../src/core/base/bytes';
import { visibleLine, visibleLines } from '../../../src/core/value/texts/visibleText';

describe('bytes of values for people', () => {
  it('are one line in which nothing hides, moves or reorders', () => {
    assert.equal(
      visibleLine(utf8('a\u202eb\u2066c\u0000d\ne\tf\u200bg\u2028h\\i')),
      String.raw`a\u{202e}b\u{2066}c\u{0}d\ne\tf\u{200b}g\u{2028}h\\i`,
    );
    assert.equal(visibleLine(utf8('\u001b[31mé漢🙂')), String.raw`\u{1b}[31mé漢🙂`);
  });

  it('keep lines and tabs where they are read', () => {
    assert.equal(
      visibleLines(utf8('a\r\n\tb\\\u202e')),
      'a\\u{d}\n\tb\\\\u{202e}'.replace('\\u{d}', String.raw`\r`),
    );
  });

  it('are shown one by one where they are no text', () => {
    const broken = ['ff', 'c0af', 'e08080', 'eda080', 'f4908080', 'c3', 'e28c', '80'];
    for (const hex of broken)
      assert.equal(
        visibleLine(new Uint8Array(Buffer.from(hex, 'hex'))),
        hex.replace(/../g, String.raw`\x$&`),
      );
    assert.equal(visibleLine(Uint8Array.of(0x61, 0xc3, 0xa9, 0xc3, 0x62)), String.raw`aé\xc3b`);
  });

  it('differ where the bytes differ', () => {
    const texts = new Set<string>();
    for (let first = 0; first < 256; first += 1)
      for (let second = 0; second < 256; second += 1) texts.add(visibleLine(Uint8Array.of(first, second)));
    assert.equal(texts.size, 65536);
  });
});
