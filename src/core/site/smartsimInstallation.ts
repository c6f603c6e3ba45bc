import { readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Environment } from '../base/userDirectories';
import { findExecutable } from './findExecutable';

/**
 * Folders in which `smart build` may have put what it made (`bin`, `lib`), found without running Python: what
 * SMARTSIM_DEP_INSTALL_PATH names, or the Python environment that the `smart` command on PATH belongs to.
 */
export async function smartsimFolders(environment: Environment): Promise<readonly string[]> {
  const dependencies = environment['SMARTSIM_DEP_INSTALL_PATH'];
  if (dependencies !== undefined && dependencies !== '') return [path.resolve(dependencies)];
  const smart = await findExecutable('smart', { searchPath: environment['PATH'] });
  if (smart.kind !== 'found') return [];
  const prefix = path.resolve(await realpath(smart.path), '../..');
  const folders: string[] = [];
  for (const library of ['lib', 'lib64'])
    for (const python of await namesIn(path.join(prefix, library)))
      if (python.startsWith('python'))
        folders.push(path.join(prefix, library, python, 'site-packages/smartsim/_core'));
  return folders;
}

/** Names in a folder, sorted; none where there is no such folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}
