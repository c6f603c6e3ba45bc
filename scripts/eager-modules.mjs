// Prints, as JSON, every module that is evaluated when the extension is loaded: all that is reached
// from its entry without passing an `import()`.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { compiledSchema } from './compiledSchema.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const entry = 'src/extension/extension.ts';
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: [entry],
  bundle: true,
  write: false,
  metafile: true,
  platform: 'node',
  format: 'cjs',
  mainFields: ['module', 'main'],
  external: ['vscode'],
  plugins: [compiledSchema],
});
/** @type {Set<string>} */
const reached = new Set();
/** @param {string} name */
const visit = (name) => {
  if (reached.has(name)) return;
  reached.add(name);
  for (const { path: next, kind, external } of metafile.inputs[name]?.imports ?? []) {
    if (kind !== 'dynamic-import' && external !== true) visit(next);
  }
};
visit(entry);
console.log(JSON.stringify([...reached].sort()));
