// Putting our extension into a profile: packed, as users get it, or as links that follow each build.
import { copyFileSync, existsSync, mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { manifest, root } from './checkout.mjs';
import { runToEnd } from './childProcesses.mjs';
import { codeServerConfig, environmentForEditors } from './editorServer.mjs';
import { codeServerEntry, hostNode } from './vscodeHosts.mjs';

/**
 * Installs a packed extension into a profile.
 * @param {import('./vscodeHosts.mjs').HostName} host
 * @param {string} profile
 * @param {string} vsix
 */
export function installPacked(host, profile, vsix) {
  runToEnd(
    hostNode(host),
    [
      codeServerEntry(host),
      ...['--config', codeServerConfig(profile)],
      ...['--user-data-dir', path.join(profile, 'user-data')],
      ...['--extensions-dir', path.join(profile, 'extensions')],
      ...['--install-extension', vsix],
    ],
    { env: environmentForEditors(), stdio: ['ignore', 'ignore', 'inherit'] },
  );
}

/**
 * Puts the checkout's extension into a profile as links, laid out as an installed one: after a build
 * `Developer: Reload Window` takes the new code.
 * @param {string} profile
 */
export function linkExtension(profile) {
  const extensions = path.join(profile, 'extensions');
  mkdirSync(extensions, { recursive: true });
  // Where the index is absent it is made anew from what the folder holds.
  rmSync(path.join(extensions, 'extensions.json'), { force: true });
  const to = path.join(extensions, `${manifest.publisher}.${manifest.name}-${manifest.version}`);
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to);
  // Entry by entry: a link to the whole checkout would hold this profile too, in a loop.
  for (const entry of packedEntries) {
    const from = path.join(root, entry);
    if (!existsSync(from)) continue;
    if (statSync(from).isDirectory()) symlinkSync(from, path.join(to, entry), 'junction');
    else copyFileSync(from, path.join(to, entry));
  }
}

/** What the package carries (`.vscodeignore`). */
const packedEntries = [
  'package.json',
  'package.nls.json',
  'README.md',
  'LICENSE',
  'dist',
  'media',
  'l10n',
  'syntaxes',
  'schemas',
  'examples',
];
