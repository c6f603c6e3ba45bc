import assert from 'node:assert/strict';
import { utf8 } from '../../../src/core/base/bytes';
import { stringText, type StringForm } from '../../../src/core/value/texts/stringText';

function shown(bytes: Uint8Array, form: StringForm, length = bytes.length): string {
  return stringText(bytes, length, form).text;
}

const floats = new Uint8Array(new Float32Array([1.5, -0, NaN, 0.1, 5, 6]).buffer);

describe('a string', () => {
  it('is shown as text, and says how much of it', () => {
    assert.equal(shown(utf8('a\nb'), { as: 'text' }), '# string, 3 bytes\na\nb');
    assert.equal(
      shown(utf8('ab'), { as: 'text' }, 1234567),
      '# string, the first 2 of 1\u00a0234\u00a0567 bytes\nab',
    );
    assert.equal(stringText(utf8('ab'), 3, { as: 'text' }).partial, true);
  });

  it('is laid out as JSON with every digit that it has', () => {
    const json = '{"a":[1.10,12345678901234567890,{}],"a":"x{,\\"}","b":[],"c\u202e":-0}';
    const { text, language } = stringText(utf8(json), utf8(json).length, { as: 'json' });
    assert.equal(language, 'json');
    assert.equal(
      text,
      '{\n  "a": [\n    1.10,\n    12345678901234567890,\n    {}\n  ],\n  "a": "x{,\\"}",\n  "b": [],\n  "c\\u202e": -0\n}\n',
    );
    assert.deepEqual(JSON.parse(text), JSON.parse(json));
  });

  it('is not called JSON where it is none, or where a part of it was read', () => {
    assert.match(shown(utf8('{"a":'), { as: 'json' }), /# no JSON\n\{"a":$/);
    assert.match(shown(utf8('{}'), { as: 'json' }, 3), /# too long/);
    assert.match(shown(Uint8Array.of(0x22, 0xff, 0x22), { as: 'json' }), /# no JSON\n"\\xff"$/);
  });

  it('of brackets alone does not become long', () => {
    const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
    assert.ok(shown(utf8(deep), { as: 'json' }).length < 30_000 * 2 * 50);
  });

  it('is shown as bytes', () => {
    assert.equal(
      shown(utf8('0123456789abcdef\u0000~'), { as: 'hex' }),
      '# string, 18 bytes\n' +
        '00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  0123456789abcdef\n' +
        '00000010  00 7e                                             .~\n',
    );
  });

  it('is read as an array where it has its length', () => {
    assert.equal(
      shown(floats, { as: 'array', type: 'FLOAT', shape: [2, 3] }),
      '# string, 24 bytes\n# FLOAT 2 × 3, little-endian\n[[1.5  -0 NaN]\n [0.1   5   6]]\n',
    );
    assert.match(
      shown(floats, { as: 'array', type: 'DOUBLE', shape: [2, 3] }),
      /# no DOUBLE 2 × 3: that has 48 bytes/,
    );
    assert.match(
      shown(floats.subarray(0, 18), { as: 'array', type: 'FLOAT', shape: [2, 3] }, 24),
      /\[\[1\.5 {2}-0 NaN\]\n \[0\.1 …\]\]/,
    );
    assert.match(shown(floats.subarray(0, 4), { as: 'array', type: 'FLOAT', shape: [] }), /\n1\.5\n$/);
  });
});
