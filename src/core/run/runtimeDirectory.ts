import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import { systemErrorCode } from '../launch/fileProblem';

/** Node cuts longer paths of sockets silently; macOS allows 103 bytes, Linux 107. */
const longestSocketPath = 100;

/**
 * Where the socket of a run lies: in the first directory that is short enough and belongs to this
 * user alone. It is made when it does not exist.
 */
export function socketPathFor(runId: string, candidates: readonly string[], userId: number): Result<string> {
  const reasons: string[] = [];
  let tooLong = 0;
  for (const directory of candidates) {
    const socket = path.join(directory, `${runId}.sock`);
    const length = Buffer.byteLength(socket);
    if (length > longestSocketPath) {
      tooLong += 1;
      reasons.push(`${socket} has ${length} bytes, and ${longestSocketPath} are allowed`);
      continue;
    }
    const refusal = preparePrivateDirectory(directory, userId);
    if (refusal === undefined) return success(socket);
    reasons.push(refusal);
  }
  const code = tooLong === candidates.length ? 'socket-path-too-long' : 'runtime-directory-refused';
  return failure(problem(code, { reasons: reasons.join('; ') }));
}

/** Makes the directory, or checks the one that is there. An answer is the reason why it does not serve. */
export function preparePrivateDirectory(directory: string, userId: number): string | undefined {
  try {
    mkdirSync(directory, { mode: 0o700 });
    chmodSync(directory, 0o700);
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST')
      return `${directory} cannot be made (${systemErrorCode(error) ?? String(error)})`;
  }
  const found = lstatSync(directory);
  if (found.isSymbolicLink()) return `${directory} is a symbolic link`;
  if (!found.isDirectory()) return `${directory} is not a directory`;
  if (found.uid !== userId) return `${directory} belongs to another user`;
  if ((found.mode & 0o077) !== 0) {
    // It is ours, so it may be put right: an earlier program may have made it too open.
    chmodSync(directory, 0o700);
  }
  return undefined;
}
