// A home of their own for editors under test: they never see, and never touch, the developer's settings and runs.
import { mkdirSync } from 'node:fs';
import path from 'node:path';

/**
 * Makes the folders of a private home and returns the environment that points there.
 * @param {string} folder
 * @returns {Record<string, string>}
 */
export function privateHome(folder) {
  const environment = {
    HOME: folder,
    XDG_CONFIG_HOME: path.join(folder, 'config'),
    XDG_CACHE_HOME: path.join(folder, 'cache'),
    XDG_DATA_HOME: path.join(folder, 'data'),
    XDG_STATE_HOME: path.join(folder, 'state'),
    XDG_RUNTIME_DIR: path.join(folder, 'run'),
  };
  for (const directory of Object.values(environment)) mkdirSync(directory, { recursive: true, mode: 0o700 });
  return environment;
}
