import { constants } from 'node:fs';
import { lstat, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { problem, type Problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import { systemErrorCode } from '../launch/fileProblem';
import { longestLog } from './retention';

/** Room for the line that says what was cut. */
const lineBytes = 200;

/** Bytes. */
const copiedAtOnce = 1024 ** 2;

/** A log that was cut, or would be. */
export interface CutLog {
  readonly path: string;
  /** Bytes that were left out. */
  readonly bytes: number;
}

/** The logs of a run that are longer than a log of a run that is over may be. */
export async function longLogs(runDirectory: string, longest = longestLog): Promise<readonly CutLog[]> {
  const folder = path.join(runDirectory, 'logs');
  const found: CutLog[] = [];
  for (const name of await namesIn(folder)) {
    const file = path.join(folder, name);
    const status = await lstat(file).catch(() => undefined);
    if (status?.isFile() === true && status.size > longest)
      found.push({ path: file, bytes: status.size - partOf(longest) * 2 });
  }
  return found;
}

/** Leaves of a log its first and its last half of `longest` bytes, with a line between that says what was cut. */
export async function cutLog(log: CutLog, longest = longestLog): Promise<Result<CutLog>> {
  const part = partOf(longest);
  const shorter = `${log.path}.cut`;
  try {
    // The name of a log may have become that of something else.
    const file = await open(log.path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const { size } = await file.stat();
      const bytes = size - part * 2;
      if (bytes <= 0) return success({ path: log.path, bytes: 0 });
      await rm(shorter, { force: true });
      const target = await open(shorter, 'wx', 0o600);
      try {
        await copyBytes(file, target, 0, part);
        await target.write(`\n[${bytes} bytes were cut out here, after the run had ended]\n`);
        await copyBytes(file, target, size - part, size);
        await target.sync();
      } finally {
        await target.close();
      }
      await rename(shorter, log.path);
      return success({ path: log.path, bytes });
    } finally {
      await file.close();
    }
  } catch (error) {
    const reason = systemErrorCode(error);
    if (reason === undefined) throw error;
    await rm(shorter, { force: true }).catch(() => undefined);
    return failure(notCut(log.path, reason));
  }
}

async function copyBytes(from: FileHandle, to: FileHandle, start: number, end: number): Promise<void> {
  const buffer = new Uint8Array(Math.min(copiedAtOnce, end - start));
  for (let position = start; position < end;) {
    const { bytesRead } = await from.read(buffer, 0, Math.min(buffer.length, end - position), position);
    if (bytesRead === 0) return;
    await to.writeFile(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
}

function notCut(file: string, reason: string): Problem {
  return problem('log-not-cut', { path: file, reason });
}

function partOf(longest: number): number {
  return Math.floor((longest - lineBytes) / 2);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return [];
  }
}
