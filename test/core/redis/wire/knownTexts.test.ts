import assert from 'node:assert/strict';
import { utf8 } from '../../../../src/core/base/bytes';
import { KnownTexts } from '../../../../src/core/redis/wire/knownTexts';

describe('texts that come again', () => {
  it('are those of their bytes, whichever came before', () => {
    const known = new KnownTexts();
    const texts = ['', 'hash', 'hxxh', 'string', 'AI_TENSOR', 'é', 'Ã©', 'h', 'hash', ''];
    for (const text of [...texts, ...texts.reverse()]) {
      const bytes = utf8(`<${text}>`);
      assert.equal(known.textOf(bytes, 1, bytes.length - 1), text);
    }
  });

  it('have a replacement for what is no UTF-8', () => {
    const known = new KnownTexts();
    for (let time = 0; time < 2; time += 1)
      assert.equal(known.textOf(Uint8Array.of(0x61, 0xff), 0, 2), 'a\ufffd');
  });
});
