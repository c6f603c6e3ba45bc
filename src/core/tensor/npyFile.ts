import { open, type FileHandle } from 'node:fs/promises';
import { problem, type Problem } from '../base/problem';
import { failure, type Result } from '../base/result';
import { rowByRow, swapBytes } from './elementOrder';
import {
  npyDataOffset,
  npyHeader,
  npyPrefixBytes,
  parseNpyHeader,
  type NpyFault,
  type NpyHeader,
} from './npyHeader';
import type { StreamedWord } from '../redis/streamedCommand';
import type { ReadTensor } from './readTensor';
import { elementCount } from './tensorType';
import { joinTexts, padTexts, splitTexts, unicodeTexts, unpadTexts } from './texts';
import type { NewTensor } from './writeTensor';

/** Of a file that is read or written, at a time. A multiple of every element of fixed size. */
const chunkBytes = 4 * 1024 ** 2;

/**
 * Opens a `.npy` file and gives its array to `use`. Little of it is in memory at a time, unless it lies column by column
 * or holds texts. Throws errors of the system.
 */
export async function withNpyFile<T>(
  file: string,
  use: (array: NewTensor) => Promise<Result<T>>,
): Promise<Result<T>> {
  const opened = await open(file);
  try {
    const header = await readHeader(opened);
    if ('reason' in header || 'unsupportedType' in header) return failure(faultProblem(file, header));
    const dataBytes = elementCount(header.shape) * header.bytes;
    const { size } = await opened.stat();
    if (size !== header.dataOffset + dataBytes) {
      const reason = `it has ${size - header.dataOffset} bytes of elements where its header tells of ${dataBytes}`;
      return failure(problem('npy-invalid', { file, reason }));
    }
    const array = await arrayOf(opened, header, dataBytes);
    if (array === undefined)
      return failure(problem('npy-invalid', { file, reason: 'it holds texts that are no Unicode' }));
    return await use({ type: header.type, shape: header.shape, ...array });
  } finally {
    await opened.close();
  }
}

/** The bytes of a `.npy` file of what is read. Throws what `chunks` throws. */
export async function* npyBytes({ type, shape, chunks }: ReadTensor): AsyncGenerator<Uint8Array> {
  if (type !== 'STRING') {
    yield npyHeader(type, shape);
    yield* chunks;
    return;
  }
  const blobs: Uint8Array[] = [];
  for await (const chunk of chunks) blobs.push(chunk);
  const { bytes, data } = padTexts(splitTexts(new Uint8Array(Buffer.concat(blobs))));
  yield npyHeader(type, shape, bytes);
  yield data;
}

async function readHeader(opened: FileHandle): Promise<NpyHeader | NpyFault> {
  const offset = npyDataOffset(await readPart(opened, 0, npyPrefixBytes));
  return typeof offset === 'number' ? parseNpyHeader(await readPart(opened, 0, offset)) : offset;
}

async function arrayOf(
  opened: FileHandle,
  header: NpyHeader,
  dataBytes: number,
): Promise<StreamedWord | undefined> {
  const { shape, bytes, fortranOrder, bigEndian, text, dataOffset } = header;
  const chunks = readChunks(opened, dataOffset, dataBytes, bigEndian ? (text === undefined ? bytes : 4) : 1);
  if (text === undefined && !fortranOrder) return { bytes: dataBytes, chunks };
  const whole = await joined(chunks);
  const ordered = fortranOrder ? rowByRow(whole, shape, bytes) : whole;
  if (text === undefined) return { bytes: dataBytes, chunks: asChunks(ordered) };
  const texts = text === 'bytes' ? unpadTexts(ordered, bytes) : unicodeTexts(ordered, bytes);
  if (texts === undefined) return undefined;
  const blob = joinTexts(texts);
  return { bytes: blob.length, chunks: asChunks(blob) };
}

/** `swapped`: bytes of what has to be turned around; 1 where nothing has. */
async function* readChunks(
  opened: FileHandle,
  from: number,
  bytes: number,
  swapped: number,
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes; at += chunkBytes) {
    const chunk = await readPart(opened, from + at, Math.min(chunkBytes, bytes - at));
    swapBytes(chunk, swapped);
    yield chunk;
  }
}

/** Shorter only at the end of the file. */
async function readPart(opened: FileHandle, from: number, bytes: number): Promise<Uint8Array> {
  const part = new Uint8Array(bytes);
  let filled = 0;
  while (filled < bytes) {
    const { bytesRead } = await opened.read(part, filled, bytes - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return part.subarray(0, filled);
}

async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return new Uint8Array(Buffer.concat(all));
}

async function* asChunks(whole: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(whole);
}

function faultProblem(file: string, fault: NpyFault): Problem {
  return 'reason' in fault
    ? problem('npy-invalid', { file, reason: fault.reason })
    : problem('npy-type-unsupported', { file, type: fault.unsupportedType });
}
