import path from 'node:path';
import { findExecutable } from '../findExecutable';
import type { InstallMethod } from './installMethod';

/** For macOS: Homebrew keeps the server where it keeps everything, and we remember where. */
export const homebrewMethod: InstallMethod = {
  name: 'Homebrew',
  applies: async (environment) =>
    process.platform === 'darwin' &&
    (await findExecutable('brew', { searchPath: environment['PATH'] })).kind === 'found',
  async install(_folder, tools) {
    const installed = await tools.run(['brew', 'install', '--quiet', 'redis']);
    if (!installed.ok) return installed;
    const prefix = await tools.run(['brew', '--prefix', 'redis']);
    if (!prefix.ok) return prefix;
    const program = path.join(prefix.output.trim(), 'bin/redis-server');
    return { ok: true, server: { program, source: 'Homebrew' } };
  },
};
