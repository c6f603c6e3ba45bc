import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../../src/core/base/problem';
import { success } from '../../../src/core/base/result';
import { npyBytes, withNpyFile } from '../../../src/core/tensor/npyFile';
import { npyHeader, parseNpyHeader } from '../../../src/core/tensor/npyHeader';
import type { TensorType } from '../../../src/core/tensor/tensorType';
import { writeWholeFile } from '../../../src/core/tensor/wholeFile';
import { temporaryFolder } from '../../support/temporaryFolder';

/** What numpy 1.26 writes for `np.arange(6, dtype='<i2').reshape(2, 3)`, up to the elements. */
const ofNumpy =
  `\x93NUMPY\x01\x00v\x00{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }`.padEnd(127) + '\n';

describe('.npy files', () => {
  const folder = temporaryFolder();

  function put(header: string, data: Uint8Array = new Uint8Array()): string {
    const file = path.join(folder.path, 'a.npy');
    writeFileSync(file, new Uint8Array([...Buffer.from(header, 'latin1'), ...data]));
    return file;
  }

  /** A version 1 file of these. */
  function npy(descr: string, shape: string, data: Uint8Array, fortran = 'False'): string {
    const text = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }\n`;
    const length = String.fromCharCode(text.length % 256, Math.floor(text.length / 256));
    return put(`\x93NUMPY\x01\x00${length}${text}`, data);
  }

  /** Type, shape and bytes in the order of a server, or what speaks against the file. */
  async function read(file: string): Promise<string> {
    const result = await withNpyFile(file, async ({ type, shape, bytes, chunks }) => {
      const all: number[] = [];
      for await (const chunk of chunks) all.push(...chunk);
      assert.equal(all.length, bytes);
      return success(`${type} ${shape.join('x')} ${all.join()}`);
    });
    return result.ok ? result.value : result.problems.map(messageOf).join();
  }

  async function write(type: TensorType, shape: readonly number[], data: Uint8Array): Promise<Uint8Array> {
    const file = path.join(folder.path, 'out.npy');
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(data);
    }
    await writeWholeFile(file, npyBytes({ type, shape, chunks: chunks() }));
    return new Uint8Array(readFileSync(file));
  }

  it('are written byte by byte as numpy writes them', async () => {
    const data = new Uint8Array([0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0]);
    const expected = new Uint8Array([...Buffer.from(ofNumpy, 'latin1'), ...data]);
    assert.deepEqual(await write('INT16', [2, 3], data), expected);
  });

  it('have a header that fits every shape', () => {
    for (const shape of [
      [],
      [7],
      [2, 3],
      Array.from({ length: 40 }, () => 1),
      Array.from({ length: 30_000 }, () => 1),
    ]) {
      const head = npyHeader('DOUBLE', shape);
      assert.equal(head.length % 64, 0);
      const parsed = parseNpyHeader(head);
      assert.ok('shape' in parsed);
      assert.deepEqual(parsed.shape, shape);
      assert.equal(parsed.dataOffset, head.length);
    }
  });

  it('are read row by row, little-endian, whatever they are', async () => {
    const rows = new Uint8Array([1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0]);
    const expected = `INT16 2x3 ${rows.join()}`;
    assert.equal(await read(npy('<i2', '(2, 3)', rows)), expected);
    assert.equal(
      await read(npy('>i2', '(2, 3)', new Uint8Array([0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6]))),
      expected,
    );
    const columns = new Uint8Array([1, 0, 4, 0, 2, 0, 5, 0, 3, 0, 6, 0]);
    assert.equal(await read(npy('<i2', '(2, 3)', columns, 'True')), expected);
    const three = new Uint8Array([1, 5, 3, 7, 2, 6, 4, 8]);
    assert.equal(await read(npy('|u1', '(2, 2, 2)', three, 'True')), 'UINT8 2x2x2 1,2,3,4,5,6,7,8');
    assert.equal(await read(npy('|b1', '()', new Uint8Array([1]))), 'BOOL  1');
  });

  it('give texts with their ends, and get them back filled up', async () => {
    const texts = new Uint8Array([97, 98, 0, 0, 99, 0]);
    assert.equal(await read(npy('|S2', '(3,)', texts)), 'STRING 3 97,98,0,0,99,0');
    const wide = new Uint8Array([0xfc, 0, 0, 0, 0, 0, 0, 0, 0x61, 0, 0, 0, 0x62, 0, 0, 0]);
    assert.equal(await read(npy('<U2', '(2,)', wide)), 'STRING 2 195,188,0,97,98,0');
    // Bytes have no order, whatever their type says.
    assert.equal(await read(npy('>S3', '(1,)', new Uint8Array([97, 98, 99]))), 'STRING 1 97,98,99,0');
    const written = await write('STRING', [2], new Uint8Array([97, 98, 0, 0]));
    assert.deepEqual([...written.subarray(-4)], [97, 98, 0, 0]);
    assert.match(Buffer.from(written).toString('latin1'), /'descr': '\|S2'/);
  });

  it('hold as many texts as there are', async () => {
    const count = 300_000;
    const written = await write(
      'STRING',
      [count],
      new Uint8Array(2 * count).map((_, at) => (at % 2 === 0 ? 97 : 0)),
    );
    assert.ok(written.subarray(-count).every((byte) => byte === 97));
    assert.match(Buffer.from(written.subarray(0, 128)).toString('latin1'), /'\|S1'/);
  });

  it('are refused with the reason', async () => {
    const four = new Uint8Array(4);
    assert.match(await read(put('NUMPY, or not')), /does not begin as a \.npy file does/);
    assert.match(await read(put('')), /does not begin/);
    assert.match(await read(npy('<i2', '(3,)', four)), /4 bytes of elements where its header tells of 6/);
    assert.match(await read(npy('<i2', '(99999999999999999999,)', four)), /shape is too large/);
    assert.match(await read(put('\x93NUMPY\x09\x00v\x00{}')), /version 9 is not known/);
    assert.match(await read(put('\x93NUMPY\x01\x00\x03\x00{} ')), /does not tell type, order and shape/);
    assert.match(await read(npy('<U1', '(1,)', new Uint8Array([0, 0xd8, 0, 0]))), /no Unicode/);
    for (const type of ['<c16', '<f2', '<u4', '<u8', '|O', '<M8[s]'])
      assert.match(await read(npy(type, '(1,)', four)), /which no tensor has/, type);
    const fields = put(
      `\x93NUMPY\x01\x00v\x00{'descr': [('a', '<i2')], 'fortran_order': False, 'shape': (2,), }`.padEnd(128),
    );
    assert.match(await read(fields), /holds elements of the type \[\('a', '<i2'\)\]/);
  });

  it('are there as a whole or not at all', async () => {
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(new Uint8Array(4));
      throw new Error('gone');
    }
    const file = path.join(folder.path, 'half.npy');
    await assert.rejects(
      writeWholeFile(file, npyBytes({ type: 'INT8', shape: [8], chunks: chunks() })),
      /gone/,
    );
    assert.deepEqual(
      readdirSync(folder.path).filter((name) => name.startsWith('half')),
      [],
    );
  });
});
