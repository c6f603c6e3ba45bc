// Where the checkout lies and what its manifest says.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the checkout. Inside of a test bundle, which lies elsewhere, the runner tells. */
export const root =
  process.env['WORKBENCH_ROOT'] ?? path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/**
 * The extension's own manifest, as far as scripts ask for it.
 * @type {{
 *   publisher: string,
 *   name: string,
 *   version: string,
 *   dependencies: Record<string, string>,
 *   devDependencies: Record<string, string>,
 * }}
 */
export const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/** The packed extension that `npm run package` writes and the window tests install. */
export const packedExtension = path.join(root, 'out', `${manifest.name}.vsix`);
