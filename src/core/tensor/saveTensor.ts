import { failure, success, type Result } from '../base/result';
import type { RedisConnection } from '../redis/redisConnection';
import { csvBytes } from './csvFile';
import { npyBytes } from './npyFile';
import { readProblem } from './readFaults';
import { readHead, readSelection, type TensorHead } from './readTensor';
import { selectedShape, type Selection } from './selection';
import type { TensorSlice } from './sliceText';
import { selectionFor } from './viewTensor';
import { writeWholeFile } from './wholeFile';

/** What was written into a file. */
export interface SavedTensor extends TensorHead {
  readonly saved: Selection;
}

/** Makes the bytes of a file of an array. */
const formats = { npy: npyBytes, csv: csvBytes } as const;

export type FileFormat = keyof typeof formats;

export function isFileFormat(name: string): name is FileFormat {
  return Object.hasOwn(formats, name);
}

/**
 * Writes what a slice takes of a tensor into a file, which is there as a whole or not at all; little of it is in memory
 * at a time. Problems are those of viewTensor. Throws errors of the system and a RedisFailure.
 */
export async function saveTensor(
  connection: RedisConnection,
  key: Uint8Array,
  slice: TensorSlice,
  file: string,
  format: FileFormat,
  signal: AbortSignal,
): Promise<Result<SavedTensor>> {
  const head = await readHead(connection, key);
  const selection = selectionFor(slice, key, head);
  if (!selection.ok) return selection;
  const chunks = readSelection(connection, key, head, selection.value, signal);
  const array = { type: head.type, shape: selectedShape(selection.value), chunks };
  try {
    await writeWholeFile(file, formats[format](array));
  } catch (error) {
    return failure(readProblem(error, key));
  }
  return success({ ...head, saved: selection.value });
}
