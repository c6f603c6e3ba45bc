import assert from 'node:assert/strict';
import { utf8 } from '../../../src/core/base/bytes';
import { visibleLine, visibleLines } from '../../../src/core/value/texts/visibleText';

describe('bytes of values for people', () => {
  it('are one line in which nothing hides, moves or reorders, however long', () => {
    assert.equal(visibleLine(utf8('a\u202eb\nc\\d')), String.raw`a\u{202e}b\x0ac\\d`);
    assert.equal(visibleLine(new Uint8Array(2000)), String.raw`\x00`.repeat(2000));
  });

  it('keep lines, tabs and backslashes where they are read', () => {
    assert.equal(visibleLines(utf8('a\r\n\tb\\n\u202e')), 'a\\x0d\n\tb\\n\\u{202e}');
    assert.equal(visibleLines(Uint8Array.of(0x0a, 0xc3, 0x0a)), '\n\\xc3\n');
  });
});
