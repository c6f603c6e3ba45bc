import path from 'node:path';
import type { Environment } from '../../base/userDirectories';
import { findExecutable } from '../findExecutable';
import type { InstallMethod } from './installMethod';

/** For those who work in conda: an environment of our own, never theirs. */
export const condaMethod: InstallMethod = {
  name: 'conda',
  applies: async (environment) =>
    environment['CONDA_PREFIX'] !== undefined && (await findConda(environment)) !== undefined,
  async install(folder, tools) {
    const conda = await findConda(tools.environment);
    if (conda === undefined) return { ok: false, reason: 'conda is no longer there.' };
    const prefix = path.join(folder, 'conda');
    const created = await tools.run([
      conda,
      'create',
      '--yes',
      '--quiet',
      '--prefix',
      prefix,
      '--channel',
      'conda-forge',
      'redis-server',
    ]);
    if (!created.ok) return created;
    return { ok: true, server: { program: 'conda/bin/redis-server', source: 'conda-forge' } };
  },
};

async function findConda(environment: Environment): Promise<string | undefined> {
  const names = [environment['CONDA_EXE'], 'mamba', 'conda', 'micromamba'];
  for (const name of names) {
    if (name === undefined) continue;
    const found = await findExecutable(name, { searchPath: environment['PATH'] });
    if (found.kind === 'found') return found.path;
  }
  return undefined;
}
