// Builds and packs the extension into out/<name>.vsix.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { packedExtension, root } from './checkout.mjs';
import { runToEnd } from './childProcesses.mjs';
import { compilePackedEngines } from './packedEngines.mjs';

runToEnd(process.execPath, [path.join(root, 'scripts/build.mjs')]);
// In place of the quick build, which fits this machine alone.
compilePackedEngines();
mkdirSync(path.dirname(packedExtension), { recursive: true });
// Everything is bundled: the package carries no node_modules.
const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
runToEnd(
  process.execPath,
  [
    vsce,
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    // The README's links lead to files of the checkout.
    '--no-rewrite-relative-links',
    '--out',
    packedExtension,
  ],
  { cwd: root },
);
