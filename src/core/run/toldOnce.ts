import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { systemErrorCode } from '../launch/fileProblem';

/**
 * Whether this caller is the first of all windows that comes to tell something about a run: the name of the news
 * is kept in the run's directory. Where it cannot be kept, everybody is the first.
 */
export async function toldOnce(runDirectory: string, news: string): Promise<boolean> {
  const folder = path.join(runDirectory, 'told');
  try {
    // Without its parents: a run directory that was removed must not come back.
    await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
      if (systemErrorCode(error) !== 'EEXIST') throw error;
    });
    await writeFile(path.join(folder, encodeURIComponent(news)), '', { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    return code !== 'EEXIST';
  }
}
