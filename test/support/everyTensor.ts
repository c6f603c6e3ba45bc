import assert from 'node:assert/strict';
import { random } from './random';
import type { Reply, RespClient } from './respClient';
import { bytesOf, bytesOfStrings, plain } from './tensors';

type Tensor = readonly [key: string, type: string, shape: readonly number[], data: Uint8Array];

const next = random(7);
const randomBytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => next() * 256);

/** One tensor of each type, some of random bytes and one of a mebibyte; each is sent as a blob. */
export const everyTensor: readonly Tensor[] = [
  ['float', 'FLOAT', [3, 5], randomBytes(60)],
  ['double', 'DOUBLE', [], randomBytes(8)],
  ['int8', 'INT8', [7], randomBytes(7)],
  ['int16', 'INT16', [2, 1, 2], randomBytes(8)],
  ['int32', 'INT32', [1000], randomBytes(4000)],
  ['int64', 'INT64', [1, 1, 1, 1, 1, 1, 1, 2], randomBytes(16)],
  ['uint8', 'UINT8', [1024, 1024], randomBytes(1024 * 1024)],
  ['uint16', 'UINT16', [300], new Uint8Array(600)],
  ['bool', 'BOOL', [100], randomBytes(100).map((byte) => byte & 1)],
  ['string', 'STRING', [2, 2], bytesOfStrings(['', 'a', 'grüße', 'x'.repeat(300)])],
];

/** These lie in memory of the engine, not in a client's string. */
const ofTheEngine: readonly Tensor[] = [
  ['zeros', 'DOUBLE', [4, 4], new Uint8Array(128)],
  ['values', 'INT16', [2], bytesOf(Int16Array.of(-1, 300))],
];

/** All that `setEveryTensor` sets. */
export const everyKey: readonly string[] = [...everyTensor, ...ofTheEngine].map(([key]) => key);

/** `prefix`: before the name of each key. */
export async function setEveryTensor(client: RespClient, prefix = ''): Promise<void> {
  for (const [key, type, shape, data] of everyTensor)
    assert.equal(await client.send('AI.TENSORSET', prefix + key, type, ...shape, 'BLOB', data), 'OK');
  assert.equal(await client.send('AI.TENSORSET', `${prefix}zeros`, 'DOUBLE', 4, 4), 'OK');
  assert.equal(await client.send('AI.TENSORSET', `${prefix}values`, 'INT16', 2, 'VALUES', -1, 300), 'OK');
}

/** All of them are there, bit by bit as they were set. */
export async function assertEveryTensor(reader: RespClient, prefix = ''): Promise<void> {
  for (const [key, type, shape, data] of [...everyTensor, ...ofTheEngine]) {
    const reply = (await reader.send('AI.TENSORGET', prefix + key)) as readonly Reply[];
    assert.ok(Array.isArray(reply), `${key}: ${String(plain(reply))}`);
    assert.deepEqual(plain(reply.slice(0, 4)), ['dtype', type, 'shape', shape], key);
    assert.equal(Buffer.compare(reply[5] as Uint8Array, data), 0, key);
  }
}
