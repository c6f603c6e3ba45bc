import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes a directory and what is missing above it, all with `mode`; one that is there stays as it is.
 * Throws the system's error. Node's own recursive `mkdir` never returns where a file system, such as
 * `/proc`, answers that the parent is missing although it is there.
 */
export async function makeDirectory(directory: string, mode = 0o777): Promise<void> {
  if (await madeOrThere(directory, mode)) return;
  await makeDirectory(path.dirname(directory), mode);
  await mkdir(directory, { mode }).catch(async (error: unknown) => {
    if (!(await isDirectory(directory))) throw error;
  });
}

/** False: something above it is missing. */
async function madeOrThere(directory: string, mode: number): Promise<boolean> {
  try {
    await mkdir(directory, { mode });
    return true;
  } catch (error) {
    if (await isDirectory(directory)) return true;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ENOENT' || path.dirname(directory) === directory) throw error;
    return false;
  }
}

function isDirectory(name: string): Promise<boolean> {
  return stat(name).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
