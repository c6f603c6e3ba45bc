import type { RedisConnection } from '../redis/redisConnection';
import { RedisRefusal, UnexpectedReply } from '../redis/redisFailure';
import { elementBytes, elementCount, isTensorType, type TensorType } from './tensorType';

/** What a tensor is, without its elements. */
export interface TensorHead {
  readonly type: TensorType;
  readonly shape: readonly number[];
  /** Differs between any two tensors; absent with RedisAI, which has none. */
  readonly version?: bigint;
}

export interface ReadTensor extends TensorHead {
  /** The elements as the server keeps them: row by row, little-endian, each STRING with a NUL behind it. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Larger ones are read part by part. A part that came in one reply belongs together whatever others write. */
const wholeBytes = 64 * 1024 ** 2;

/** The engine gives at most 16 MiB at a time. */
const partBytes = 8 * 1024 ** 2;

/** A tensor was replaced between two parts. */
export class TensorChanged extends Error {}

/** Throws a RedisFailure, as all of this file does. */
export async function readHead(connection: RedisConnection, key: string): Promise<TensorHead> {
  const version = await readVersion(connection, key);
  const head = headOf(await connection.commandForBytes('AI.TENSORGET', key, 'META'));
  return version === undefined ? head : { ...head, version };
}

/**
 * Reads a tensor: one that is not large at once, a large one part by part while `chunks` is gone through, which then
 * throws TensorChanged if it was replaced meanwhile. RedisAI gives whole tensors alone.
 */
export async function readTensor(connection: RedisConnection, key: string): Promise<ReadTensor> {
  const head = await readHead(connection, key);
  const bytes = elementBytes[head.type];
  const { version } = head;
  if (version === undefined || bytes === undefined || elementCount(head.shape) * bytes <= wholeBytes)
    return readWhole(connection, key);
  return { ...head, chunks: readParts(connection, key, { ...head, version }, bytes) };
}

async function readWhole(connection: RedisConnection, key: string): Promise<ReadTensor> {
  const reply = await connection.commandForBytes('AI.TENSORGET', key, 'META', 'BLOB');
  const blob = fieldOf(reply, 'blob');
  if (!(blob instanceof Uint8Array)) throw new UnexpectedReply('AI.TENSORGET gave no blob');
  return { ...headOf(reply), chunks: once(blob) };
}

async function* once(blob: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(blob);
}

async function* readParts(
  connection: RedisConnection,
  key: string,
  { shape, version }: TensorHead,
  bytes: number,
): AsyncGenerator<Uint8Array> {
  const count = elementCount(shape);
  const most = partBytes / bytes;
  for (let start = 0; start < count; start += most) {
    const length = Math.min(most, count - start);
    const reply = await connection
      .commandForBytes('TENSOR.RANGE', key, String(start), String(length))
      .catch((error: unknown) => {
        // It was there: one that is shorter or of another kind has taken its place.
        throw error instanceof RedisRefusal ? new TensorChanged() : error;
      });
    const blob = fieldOf(reply, 'blob');
    if (!(blob instanceof Uint8Array)) throw new UnexpectedReply('TENSOR.RANGE gave no blob');
    if (versionOf(fieldOf(reply, 'version')) !== version) throw new TensorChanged();
    yield blob;
  }
}

/** Elements from the first on, at most `most`, as the server keeps them. */
export async function readFirst(
  connection: RedisConnection,
  key: string,
  head: TensorHead,
  most: number,
): Promise<Uint8Array> {
  const count = Math.min(most, elementCount(head.shape));
  const reply =
    head.version === undefined || head.type === 'STRING'
      ? await connection.commandForBytes('AI.TENSORGET', key, 'META', 'BLOB')
      : await connection.commandForBytes('TENSOR.RANGE', key, '0', String(count));
  const blob = fieldOf(reply, 'blob');
  if (!(blob instanceof Uint8Array)) throw new UnexpectedReply('a tensor came without its elements');
  return blob;
}

/** Undefined: the server has no such command. */
async function readVersion(connection: RedisConnection, key: string): Promise<bigint | undefined> {
  try {
    return versionOf(await connection.commandForBytes('TENSOR.VERSION', key));
  } catch (error) {
    if (error instanceof RedisRefusal && error.message.startsWith('ERR unknown command')) return undefined;
    throw error;
  }
}

/** Integers above 2^53 come as text. */
function versionOf(reply: unknown): bigint {
  const text = textOf(reply);
  if (!/^-?\d+$/.test(text)) throw new UnexpectedReply('TENSOR.VERSION gave no number');
  return BigInt(text);
}

function headOf(reply: unknown): TensorHead {
  const type = fieldOf(reply, 'dtype');
  const shape = fieldOf(reply, 'shape');
  const name = textOf(type);
  if (!isTensorType(name) || !Array.isArray(shape))
    throw new UnexpectedReply('AI.TENSORGET told no type and shape');
  return { type: name, shape: shape.map(Number) };
}

/** Replies are names and values in turn. */
function fieldOf(reply: unknown, name: string): unknown {
  if (!Array.isArray(reply)) return undefined;
  const words: readonly unknown[] = reply;
  const at = words.findIndex((word, index) => index % 2 === 0 && textOf(word) === name);
  return at < 0 ? undefined : words[at + 1];
}

function textOf(reply: unknown): string {
  return reply instanceof Uint8Array ? Buffer.from(reply).toString('latin1') : String(reply);
}
