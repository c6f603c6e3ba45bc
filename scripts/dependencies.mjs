// The packages that the manifest names, installed into the checkout when they are not there yet.
import { lstatSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runToEnd } from './childProcesses.mjs';
import { manifest, root } from './checkout.mjs';

/** Runs `npm ci` unless every package that the manifest names is there in its very version. Asks nothing. */
export function ensureDependencies() {
  const wanted = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  if (wanted.every(([name, version]) => installedVersion(name) === version)) return;
  if (lstatSync(path.join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new Error(
      'node_modules is a link to packages of other versions. Install there, or remove the link.',
    );
  }
  console.log('Installing packages (npm ci) ...');
  runToEnd('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root });
}

/** @param {string} name */
function installedVersion(name) {
  try {
    const file = path.join(root, 'node_modules', name, 'package.json');
    return /** @type {{ version: string }} */ (JSON.parse(readFileSync(file, 'utf8'))).version;
  } catch {
    return undefined;
  }
}
