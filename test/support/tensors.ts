import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { type Reply, ReplyError, type RespClient, textOf } from './respClient';

/** The bytes of numbers, as they lie in memory. */
export const bytesOf = (numbers: ArrayBufferView): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength).slice();

/** A blob of strings: each ended by a NUL. */
export const bytesOfStrings = (texts: readonly string[]): Uint8Array =>
  new TextEncoder().encode(texts.map((text) => `${text}\0`).join(''));

/** A reply in plain terms: bulk strings as text, errors as their text. */
export function plain(reply: Reply): unknown {
  if (reply instanceof Uint8Array) return textOf(reply);
  if (reply instanceof ReplyError) return reply.message;
  if (Array.isArray(reply)) return (reply as readonly Reply[]).map(plain);
  return reply;
}

/** A reply of names and values, one after the other, by name. */
export function byName(reply: Reply): Map<unknown, Reply> {
  if (!Array.isArray(reply)) throw new Error(`Not an array: ${JSON.stringify(plain(reply))}`);
  const parts = reply as readonly Reply[];
  const pairs = new Map<unknown, Reply>();
  for (let i = 0; i < parts.length; i += 2) pairs.set(plain(parts[i]!), parts[i + 1]!);
  return pairs;
}

/** The numbers of a numeric blob. */
export function numbersOf(type: string, bytes: Uint8Array): readonly (number | bigint)[] {
  const { buffer } = bytes.slice();
  const arrays: Record<string, () => Iterable<number | bigint>> = {
    FLOAT: () => new Float32Array(buffer),
    DOUBLE: () => new Float64Array(buffer),
    INT8: () => new Int8Array(buffer),
    INT16: () => new Int16Array(buffer),
    INT32: () => new Int32Array(buffer),
    INT64: () => new BigInt64Array(buffer),
    UINT8: () => new Uint8Array(buffer),
    UINT16: () => new Uint16Array(buffer),
    BOOL: () => new Uint8Array(buffer),
  };
  return [...arrays[type]!()];
}

/** Waits until the engine has so many tensors in memory: some are freed in the background. */
export async function untilTensors(client: RespClient, count: number): Promise<void> {
  for (let tries = 0; ; tries++) {
    const info = plain(await client.send('INFO', 'modules')) as string;
    if (info.includes(`ai_tensors_in_memory:${count}\r\n`)) return;
    assert.ok(tries < 500, info);
    await delay(10);
  }
}
