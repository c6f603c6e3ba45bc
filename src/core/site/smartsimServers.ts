import path from 'node:path';
import type { Environment } from '../base/userDirectories';
import { namesIn, smartsimFolders } from './smartsimInstallation';

/** Server programs that `smart build` made. */
export async function findSmartsimServers(environment: Environment): Promise<readonly string[]> {
  const folders = (await smartsimFolders(environment)).map((folder) => path.join(folder, 'bin'));
  const programs = await Promise.all(
    folders.map(async (folder) =>
      (await namesIn(folder))
        .filter((name) => name.endsWith('-server'))
        .map((name) => path.join(folder, name)),
    ),
  );
  return programs.flat();
}
