import { readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Environment } from '../base/userDirectories';
import { findExecutable } from './findExecutable';

/**
 * Server programs that `smart build` made, found without running Python: below SMARTSIM_DEP_INSTALL_PATH, or in the
 * Python environment that the `smart` command on PATH belongs to.
 */
export async function findSmartsimServers(environment: Environment): Promise<readonly string[]> {
  const dependencies = environment['SMARTSIM_DEP_INSTALL_PATH'];
  const folders =
    dependencies === undefined || dependencies === ''
      ? await packageFolders(environment['PATH'])
      : [path.resolve(dependencies, 'bin')];
  const programs = await Promise.all(
    folders.map(async (folder) =>
      (await namesIn(folder))
        .filter((name) => name.endsWith('-server'))
        .map((name) => path.join(folder, name)),
    ),
  );
  return programs.flat();
}

async function packageFolders(searchPath: string | undefined): Promise<readonly string[]> {
  const smart = await findExecutable('smart', { searchPath });
  if (smart.kind !== 'found') return [];
  const prefix = path.resolve(await realpath(smart.path), '../..');
  const folders: string[] = [];
  for (const library of ['lib', 'lib64'])
    for (const python of await namesIn(path.join(prefix, library)))
      if (python.startsWith('python'))
        folders.push(path.join(prefix, library, python, 'site-packages/smartsim/_core/bin'));
  return folders;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}
