import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { problem } from '../../core/base/problem';
import { failure, success, type Result } from '../../core/base/result';

export interface ExperimentSource {
  /** Absolute. */
  readonly file: string;
  readonly text: string;
}

/** Reads an experiment file that was named on the command line in `directory`. */
export async function readExperiment(name: string, directory: string): Promise<Result<ExperimentSource>> {
  const file = path.resolve(directory, name);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(await readFile(file)));
    return success({ file, text });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return failure(problem('file-missing', { file }, { place: { file } }));
    const reason = reasons.get(code) ?? (error instanceof Error ? error.message : String(error));
    return failure(problem('file-unreadable', { file, reason }, { place: { file } }));
  }
}

const reasons: ReadonlyMap<unknown, string> = new Map([
  ['EISDIR', 'it is a directory'],
  ['EACCES', 'you have no permission to read it'],
  ['ERR_ENCODING_INVALID_ENCODED_DATA', 'it is not text in UTF-8'],
]);
