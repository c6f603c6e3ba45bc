// A Python environment with the SmartRedis client, for tests and for whoever wants to try the examples:
//   node scripts/smartredisClient.mjs      prints the path of its Python
// It is made once, from the package registry, in the ignored folder .host.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './checkout.mjs';
import { runToEnd } from './childProcesses.mjs';
import { findComponent } from './systemComponents.mjs';

const requirements = path.join(root, 'tools/smartredis/requirements.txt');
const folder = path.join(root, '.host/smartredis');
const stamp = path.join(folder, 'made-of.txt');

/** Path of the Python that has the client; makes its environment where it is missing or not what it should be. */
export function smartredisPython() {
  const python = findComponent('smartredis-python');
  if (python === undefined) throw new Error('Python 3.8 to 3.11 with the module venv is missing.');
  const { stdout } = spawnSync(python, ['--version'], { encoding: 'utf8' });
  const wanted = `${stdout}${readFileSync(requirements, 'utf8')}`;
  const made = existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined;
  if (made !== wanted) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(path.dirname(folder), { recursive: true });
    runToEnd(python, ['-m', 'venv', folder], { cwd: root });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary', ':all:'];
    runToEnd(programIn(folder), [...pip, '-r', requirements], { cwd: root });
    // Last, and at once: it marks a whole one.
    writeFileSync(`${stamp}.new`, wanted);
    renameSync(`${stamp}.new`, stamp);
  }
  return programIn(folder);
}

/** @param {string} environment */
function programIn(environment) {
  return path.join(environment, 'bin/python');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(smartredisPython());
