import assert from 'node:assert/strict';
import { ReplyError, type Argument, type RespClient } from './respClient';
import { bytesOf } from './tensors';

/** A field of a dataset's metadata that holds texts, as SmartRedis writes it. */
export function textField(...texts: readonly string[]): Uint8Array {
  const parts = texts.map((text) => {
    const bytes = new TextEncoder().encode(text);
    const part = new Uint8Array(8 + bytes.length);
    new DataView(part.buffer).setBigUint64(0, BigInt(bytes.length), true);
    part.set(bytes, 8);
    return part;
  });
  return Uint8Array.from([7, ...parts.flatMap((part) => [...part])]);
}

/** A field of a dataset's metadata that holds doubles. */
export function doubleField(...numbers: readonly number[]): Uint8Array {
  return Uint8Array.from([1, ...bytesOf(Float64Array.from(numbers))]);
}

/** Writes keys of each kind that a server with our engine can hold, and of the names that are hard to show. */
export async function writeKeysOfAllKinds(client: Pick<RespClient, 'send'>): Promise<void> {
  const send = async (...args: Argument[]): Promise<void> => {
    const reply = await client.send(...args);
    assert.ok(!(reply instanceof ReplyError), `${String(args[0])}: ${String(reply)}`);
  };
  const tensor = (
    key: Argument,
    type: string,
    shape: readonly number[],
    values: ArrayBufferView,
  ): Promise<void> => send('AI.TENSORSET', key, type, ...shape, 'BLOB', bytesOf(values));
  const ramp = (count: number): Float32Array => Float32Array.from({ length: count }, (_, at) => at / 8);
  await tensor('ocean.{surface}.temperature', 'FLOAT', [8, 16], ramp(128));
  await tensor('ocean.{surface}.salinity', 'DOUBLE', [8, 16], Float64Array.from(ramp(128)));
  await send('HSET', 'ocean.{surface}.meta', '.tensor_names', textField('temperature', 'salinity'));
  await send('HSET', 'ocean.{surface}.meta', 'units', textField('K', 'psu'), 'depth', doubleField(0.5, 10));
  await send('HSET', 'ocean.{surface}.meta', '.COMPLETE', '1');
  for (const step of [1, 2, 10])
    await tensor(`ocean.velocity_${step}`, 'FLOAT', [3, 64, 64], ramp(3 * 64 * 64));
  await tensor('ocean.mask', 'UINT8', [64, 64], new Uint8Array(4096));
  await tensor('scalar', 'INT64', [], BigInt64Array.of(42n));
  await send('RPUSH', 'ocean.snapshots', 'ocean.{surface}', 'ocean.{deep}');
  await send('SET', 'settings.json', '{"viscosity":0.02,"steps":[1,2,3],"note":"a <b>bold</b> word"}');
  await send('SET', 'settings.raw', bytesOf(Float32Array.of(1, 2, 3, 4)));
  await send('HSET', 'settings.limits', 'low', '1', 'high', '2');
  await send('SADD', 'settings.tags', 'a', 'b', 'c');
  await send('ZADD', 'settings.scores', '1', 'a', '2', 'b');
  await send('XADD', 'settings.log', '1-1', 'level', 'info', 'text', 'began');
  await send('SET', 'session', 'soon gone', 'EX', '86400');
  await send('SET', Uint8Array.of(0xff, 0x00, 0xfe, 0x0a), 'binary');
  await send('SET', '<img src=x onerror=alert(1)>', 'markup');
  await send('SET', '[link](command:workbench.action.quit)', 'markup');
  await send('SET', 'right\u202eto left', 'turned');
  await send('SET', '', 'no name');
}
