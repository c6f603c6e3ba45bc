import { RedisRefusal, UnexpectedReply } from '../redis/redisFailure';
import { mostOfWhole, TensorChanged, TensorWholeOnly } from './readFaults';
import { partsOf, selectedCount, takesAll, type SelectedAxis, type Selection } from './selection';
import { takeElements } from './takeElements';
import { elementBytes, elementCount, isTensorType, type TensorType } from './tensorType';
import { fieldOf, replyText } from './tensorReply';
import type { TensorServer } from './tensorServer';

/** What a tensor is, without its elements. */
export interface TensorHead {
  readonly type: TensorType;
  readonly shape: readonly number[];
  /** Differs between any two tensors; absent with RedisAI, which has none. */
  readonly version?: bigint;
}

/** Elements that were read or are being read. */
export interface ReadTensor extends Pick<TensorHead, 'type' | 'shape'> {
  /** The elements as the server keeps them: row by row, little-endian, each STRING with a NUL behind it. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** A whole tensor up to this size is read in one reply: it belongs together whatever others write. */
const wholeBytes = 64 * 1024 ** 2;

/** The engine gives at most so much of a tensor at a time. */
const partBytes = 8 * 1024 ** 2;

/** Throws a RedisFailure, as all of this file does. */
export async function readHead(connection: TensorServer, key: Uint8Array): Promise<TensorHead> {
  const version = await readVersion(connection, key);
  const head = headOf(await connection.commandForBytes('AI.TENSORGET', key, 'META'));
  return version === undefined ? head : { ...head, version };
}

/**
 * What `selection` takes of the tensor that `head` tells of, part by part. Throws TensorChanged where another tensor
 * has taken its place, so that what was read does not belong together, and TensorWholeOnly.
 */
export async function* readSelection(
  connection: TensorServer,
  key: Uint8Array,
  { type, shape, version }: TensorHead,
  selection: Selection,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const bytes = elementBytes[type];
  const size = elementCount(shape) * (bytes ?? 1);
  if (version === undefined && size > mostOfWhole) throw new TensorWholeOnly(size);
  const isWhole = takesAll(selection) && (bytes === undefined || size <= wholeBytes);
  if (version === undefined || isWhole) {
    const blob = await readWhole(connection, key, { type, shape });
    yield takesAll(selection) ? blob : takeElements(type, blob, selection);
    return;
  }
  const most = bytes === undefined ? Infinity : partBytes / bytes;
  for (const part of partsOf(selection, most))
    yield* readHalves(connection, key, { type, version }, part, signal);
}

/** A part at once, or in halves of halves where its texts are more than the server gives at a time. */
async function* readHalves(
  connection: TensorServer,
  key: Uint8Array,
  head: Required<Pick<TensorHead, 'type' | 'version'>>,
  part: Selection,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  signal.throwIfAborted();
  const count = selectedCount(part);
  const whole = await readPart(connection, key, head, part).catch((error: unknown) => {
    if (count === 1 || !isTooLarge(error)) throw error;
    return undefined;
  });
  if (whole !== undefined) {
    yield whole;
    return;
  }
  for (const half of partsOf(part, Math.ceil(count / 2)))
    yield* readHalves(connection, key, head, half, signal);
}

/** Whether the server has refused a slice because of its bytes. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof RedisRefusal && error.message.startsWith('ERR this slice has more');
}

/** A part whose version is that of the head: it belongs to the others. */
async function readPart(
  connection: TensorServer,
  key: Uint8Array,
  { type, version }: Pick<TensorHead, 'type' | 'version'>,
  part: Selection,
): Promise<Uint8Array> {
  const bounds = part.flatMap(forwards).map(String);
  const reply = await ofSameTensor(connection.commandForBytes('TENSOR.SLICE', key, ...bounds));
  if (versionOf(fieldOf(reply, 'version')) !== version) throw new TensorChanged();
  const blob = blobOf(reply);
  const bytes = elementBytes[type];
  if (bytes !== undefined && blob.length !== bytes * selectedCount(part))
    throw new UnexpectedReply('TENSOR.SLICE gave another number of elements');
  return part.some(({ step }) => step < 0) ? takeElements(type, blob, turned(part)) : blob;
}

/** Start, stop and step of a dimension, as the server takes them: it goes forwards alone. */
function forwards({
  start,
  step,
  count,
}: SelectedAxis): readonly [start: number, stop: number, step: number] {
  const last = start + step * (count - 1);
  return step > 0 ? [start, last + 1, step] : [last, start + 1, -step];
}

/** What was read forwards, in the order that was asked for. */
function turned(part: Selection): Selection {
  return part.map(({ step, count, dropped }) => ({
    start: step < 0 ? count - 1 : 0,
    step: step < 0 ? -1 : 1,
    count,
    length: count,
    dropped,
  }));
}

async function readWhole(
  connection: TensorServer,
  key: Uint8Array,
  { type, shape }: TensorHead,
): Promise<Uint8Array> {
  const reply = await ofSameTensor(connection.commandForBytes('AI.TENSORGET', key, 'META', 'BLOB'));
  const now = headOf(reply);
  if (now.type !== type || now.shape.join() !== shape.join()) throw new TensorChanged();
  return blobOf(reply);
}

/** It was there: where the server refuses a part of it, another has taken its place. */
async function ofSameTensor(reply: Promise<unknown>): Promise<unknown> {
  try {
    return await reply;
  } catch (error) {
    const replaced =
      error instanceof RedisRefusal &&
      /^(WRONGTYPE|ERR tensor key is empty|ERR a slice needs|ERR invalid slice)/.test(error.message);
    throw replaced ? new TensorChanged() : error;
  }
}

/** Undefined: the server has no such command, or the user may not use it. */
async function readVersion(connection: TensorServer, key: Uint8Array): Promise<bigint | undefined> {
  try {
    return versionOf(await connection.commandForBytes('TENSOR.VERSION', key));
  } catch (error) {
    if (error instanceof RedisRefusal && /^(ERR unknown command|NOPERM.*command)/.test(error.message))
      return undefined;
    throw error;
  }
}

/** What a server says of the version of a tensor. Throws an UnexpectedReply. */
export function versionOf(reply: unknown): bigint {
  const text = replyText(reply);
  if (!/^-?\d+$/.test(text)) throw new UnexpectedReply('the server gave no version of the tensor');
  return BigInt(text);
}

function headOf(reply: unknown): TensorHead {
  const name = replyText(fieldOf(reply, 'dtype'));
  const shape = fieldOf(reply, 'shape');
  if (!isTensorType(name) || !Array.isArray(shape))
    throw new UnexpectedReply('AI.TENSORGET told no type and shape');
  return { type: name, shape: shape.map(Number) };
}

function blobOf(reply: unknown): Uint8Array {
  const blob = fieldOf(reply, 'blob');
  if (!(blob instanceof Uint8Array)) throw new UnexpectedReply('a tensor came without its elements');
  return blob;
}
