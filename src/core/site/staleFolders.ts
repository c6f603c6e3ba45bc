import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** Temporary folders of installations and builds that were killed are removed after a day. */
const staleAfterMs = 24 * 3600 * 1000;

/** Removes old folders with names that begin so; throws where `parent` cannot be read. */
export async function removeStaleFolders(parent: string, prefix: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix)) continue;
    const folder = path.join(parent, name);
    const made = await stat(folder).catch(() => undefined);
    if (made !== undefined && Date.now() - made.mtimeMs > staleAfterMs)
      await rm(folder, { recursive: true, force: true });
  }
}
