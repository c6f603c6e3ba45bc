import assert from 'node:assert/strict';
import { utf8 } from '../../../src/core/base/bytes';
import { displayKey } from '../../../src/core/redis/displayKey';
import type { KeyRow } from '../../../src/core/keyspace/tree/keyRow';
import type { KeyDetails } from '../../../src/core/value/details/keyDetails';
import {
  keyContextValue,
  keyNode,
  moreNode,
  type KeyContext,
} from '../../../src/extension/views/keys/keyNodes';
import { plainWording } from '../../support/plainWording';

function contextWith(...details: readonly KeyDetails[]): KeyContext {
  return {
    wording: plainWording,
    now: Date.UTC(2026, 0, 1),
    display: displayKey,
    details: (key) => details.find((one) => Buffer.compare(one.key, key) === 0),
    changeable: true,
  };
}

function rowOf(name: string | Uint8Array): Extract<KeyRow, { kind: 'key' }> {
  const key = typeof name === 'string' ? utf8(name) : name;
  return { kind: 'key', key, label: key };
}

describe('the rows of keys', () => {
  it('show a name alone until more is known', () => {
    const node = keyNode(rowOf('u'), contextWith());
    assert.equal(node.label, 'u');
    assert.equal(node.description, '');
    assert.deepEqual(node.icon, { name: 'symbol-key' });
    assert.equal(keyContextValue(node), 'key;hasKey;canChange');
  });

  it('show type, shape and size of a tensor', () => {
    const key = utf8('u');
    const facts = { dtype: 'FLOAT', shape: [3, 64, 64], bytes: 49_152, expiresAt: null } as const;
    const details: KeyDetails = { key, kind: 'tensor', type: 'AI_TENSOR', ...facts, missing: [] };
    const node = keyNode(rowOf('u'), contextWith(details));
    assert.equal(node.description, 'FLOAT 3 × 64 × 64 · 48 KiB');
    assert.equal(node.spoken, 'Tensor u · FLOAT 3 × 64 × 64 · 48 KiB');
    assert.deepEqual(node.tooltip, [
      'u',
      'Tensor',
      'Elements: FLOAT',
      'Shape: 3 × 64 × 64',
      'Size: 48 KiB (49,152 bytes)',
      'Does not expire',
      'Type in the server: AI_TENSOR',
    ]);
    assert.equal(keyContextValue(node), 'key;hasKey;isTensor;canChange');
  });

  it('name the rights that are missing, and do not guess', () => {
    const key = utf8('u');
    const partly: KeyDetails = { key, kind: 'hash', missing: ['PTTL'], length: 2 };
    const node = keyNode(rowOf('u'), contextWith(partly));
    assert.equal(node.description, '2 fields · partly unknown');
    assert.ok(node.tooltip.includes('Rights that are missing: PTTL'));
    const unknown = keyNode(rowOf('u'), contextWith({ key, kind: 'unknown', missing: ['TYPE', 'HLEN'] }));
    assert.equal(unknown.description, 'unknown');
    assert.equal(unknown.icon.name, 'question');
  });

  it('escape what a server says as they escape names', () => {
    const key = utf8('u');
    const node = keyNode(
      rowOf('u'),
      contextWith({ key, kind: 'unknown', missing: [], refusal: 'ERR \u202ex' }),
    );
    assert.ok(node.tooltip.includes(String.raw`The server said: ERR \u{202e}x`));
    const odd = 'A\u202e\nB';
    const facts = { dtype: odd, shape: [1], type: odd, model: { backend: odd, device: odd, tag: odd } };
    const told = keyNode(rowOf('u'), contextWith({ key, kind: 'tensor', ...facts, missing: [] }));
    assert.doesNotMatch([told.description, told.spoken, ...told.tooltip].join(), /[\n\u202e]/);
  });

  it('tell of expiries beyond all times', () => {
    const key = utf8('u');
    for (const expiresAt of [9e15, -9e15]) {
      const node = keyNode(rowOf('u'), contextWith({ key, kind: 'string', expiresAt, missing: [] }));
      assert.match(node.description ?? '', /^until .*27\d{4}/);
    }
  });

  it('offer no change where nothing may be changed', () => {
    const node = keyNode(rowOf('u'), { ...contextWith(), changeable: false });
    assert.equal(keyContextValue(node), 'key;hasKey');
  });

  it('call the key without a name so', () => {
    assert.equal(keyNode(rowOf(''), contextWith()).label, '(empty name)');
  });

  it('give each key an id of its own, and a short one to a long key', () => {
    const [a, b] = [0xff, 0xfe].map((byte) => keyNode(rowOf(Uint8Array.of(byte)), contextWith()).id);
    assert.notEqual(a, b);
    const long = [0, 1].map((last) =>
      keyNode(rowOf(Uint8Array.from([...Array<number>(1024 ** 2).fill(0x61), last])), contextWith()),
    );
    assert.notEqual(long[0]?.id, long[1]?.id);
    assert.ok((long[0]?.id.length ?? Infinity) < 100);
    assert.ok((long[0]?.label.length ?? Infinity) < 600);
  });

  it('tell of a dataset how many tensors it has, and whether it is complete', () => {
    const prefix = utf8('p.{ds}.');
    const metadata = utf8('p.{ds}.meta');
    const row: KeyRow = {
      ...{ kind: 'dataset', folder: { kind: 'dataset', prefix }, label: utf8('{ds}') },
      ...{ name: utf8('ds'), metadata, tensors: 2 },
    };
    const details: KeyDetails = { key: metadata, kind: 'dataset', complete: false, missing: [] };
    const node = keyNode(row, contextWith(details));
    assert.equal(node.label, 'ds');
    assert.equal(node.description, '2 tensors · not complete');
    assert.equal(keyContextValue(node), 'dataset;hasKey;hasPrefix;canChange');
    assert.ok(node.opens);
  });

  it('show an AI model once, with its backend and its copies', () => {
    const keys = [utf8('net.GPU:0'), utf8('net.GPU:1')];
    const row: KeyRow = { kind: 'aiModel', label: utf8('net'), name: utf8('net'), keys };
    const details: KeyDetails = {
      ...{ key: utf8('net.GPU:0'), kind: 'mlModel', missing: [] },
      model: { backend: 'TORCH', device: 'GPU:0' },
    };
    const node = keyNode(row, contextWith(details));
    assert.equal(node.label, 'net');
    assert.equal(node.description, 'TORCH · GPU:0 · 2 copies');
  });

  it('tell how many rows are shown of how many, or how many keys are behind', () => {
    const rows = Array.from({ length: 200 }, (_, at) => rowOf(String(at)));
    const context = contextWith();
    assert.equal(
      moreNode('', { rows, total: 1234, rest: 0, shown: 200 }, 'name', context).description,
      '200 of 1,234',
    );
    assert.equal(
      moreNode('', { rows, total: 200, rest: 5000, shown: 200 }, 'name', context).description,
      '200 shown, 5,000 keys behind',
    );
  });
});
