// The headers of the SmartRedis client for C and C++, for tests:
//   node scripts/smartredisHeaders.mjs      prints their folder
// They are taken once, out of the sources in the package registry, into the ignored folder .host. Nothing is built of them.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './checkout.mjs';
import { runToEnd } from './childProcesses.mjs';
import { pythonEnvironment } from './pythonEnvironment.mjs';
import { findComponent } from './systemComponents.mjs';

const sources = path.join(root, 'tools/smartredis-sources/sources.txt');
const home = path.join(root, '.host/smartredis-headers');

/** Absolute path of the folder with the headers; gets them where they are missing or not what they should be. */
export function smartredisHeaders() {
  const wanted = readFileSync(sources, 'utf8');
  const stamp = path.join(home, 'made-of.txt');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    const work = `${home}.new`;
    rmSync(work, { recursive: true, force: true });
    unpack(work);
    writeFileSync(path.join(work, 'made-of.txt'), wanted);
    // Last, and at once: what has its name is whole.
    rmSync(home, { recursive: true, force: true });
    renameSync(work, home);
  }
  return path.join(home, 'include');
}

/** @param {string} folder */
function unpack(folder) {
  const python = findComponent('smartredis-python');
  if (python === undefined) throw new Error('Python 3.8 to 3.11 with the module venv is missing.');
  const pip = pythonEnvironment('smartredis-sources', python);
  const download = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-input'];
  const asSources = ['--no-deps', '--require-hashes', '--no-binary', ':all:', '--no-build-isolation'];
  runToEnd(pip, [...download, ...asSources, '--dest', folder, '-r', sources], { cwd: root });
  const archive = readdirSync(folder).find((entry) => entry.endsWith('.tar.gz'));
  if (archive === undefined) throw new Error('pip has downloaded no sources of the SmartRedis client.');
  runToEnd(pip, ['-m', 'tarfile', '-e', path.join(folder, archive), folder], { cwd: root });
  renameSync(path.join(folder, archive.replace(/\.tar\.gz$/, ''), 'include'), path.join(folder, 'include'));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(smartredisHeaders());
