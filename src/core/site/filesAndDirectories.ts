import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

/** What is at a path. */
export type FileAnswer = 'file' | 'directory' | 'other' | 'missing' | 'unreadable';

/** Looks at a file or directory that is to be read later. */
export async function probeFile(file: string): Promise<FileAnswer> {
  try {
    const found = await stat(file);
    await access(file, constants.R_OK);
    return found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other';
  } catch (error) {
    return isMissing(error) ? 'missing' : 'unreadable';
  }
}

/** Whether files can be made in a directory, which itself may have to be made first. */
export interface DirectoryAnswer {
  /** The directory, or its nearest ancestor that exists. */
  readonly nearest: string;
  readonly kind: 'writable' | 'not-writable' | 'not-a-directory';
  /** The directory without symbolic links; given where it exists and can be written to. */
  readonly real?: string;
}

/** Looks at a directory that is to be written to later; makes nothing. */
export async function probeDirectory(directory: string): Promise<DirectoryAnswer> {
  for (let nearest = directory; ; nearest = path.dirname(nearest)) {
    try {
      if (!(await stat(nearest)).isDirectory()) return { nearest, kind: 'not-a-directory' };
      await access(nearest, constants.W_OK | constants.X_OK);
      return {
        nearest,
        kind: 'writable',
        ...(nearest === directory ? { real: await realpath(directory) } : {}),
      };
    } catch (error) {
      const atRoot = path.dirname(nearest) === nearest;
      if (!isMissing(error) || atRoot) return { nearest, kind: 'not-writable' };
    }
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
