// Python environments of pinned packages, each made once, from the package registry, in the ignored folder .host.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './checkout.mjs';
import { runToEnd } from './childProcesses.mjs';

/**
 * Path of the Python of `.host/<name>`, which has what `tools/<name>/requirements.txt` pins; makes it where it is missing or
 * not what it should be.
 * @param {string} name
 * @param {string} python that it is made with
 */
export function pythonEnvironment(name, python) {
  const requirements = path.join(root, 'tools', name, 'requirements.txt');
  const folder = path.join(root, '.host', name);
  const stamp = path.join(folder, 'made-of.txt');
  const { stdout } = spawnSync(python, ['--version'], { encoding: 'utf8' });
  const wanted = `${stdout}${readFileSync(requirements, 'utf8')}`;
  const made = existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined;
  const own = path.join(folder, 'bin/python');
  if (made !== wanted) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(path.dirname(folder), { recursive: true });
    runToEnd(python, ['-m', 'venv', folder], { cwd: root });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary', ':all:'];
    runToEnd(own, [...pip, '-r', requirements], { cwd: root });
    // Last, and at once: it marks a whole one.
    writeFileSync(`${stamp}.new`, wanted);
    renameSync(`${stamp}.new`, stamp);
  }
  return own;
}
