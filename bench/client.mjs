import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { outDirectory, root } from './measure.mjs';

/** The client that windows and command line use, from the sources of this checkout. */
export async function loadClient() {
  const outfile = path.join(outDirectory, 'client.mjs');
  await build({
    absWorkingDir: root,
    stdin: {
      contents: `
        export { openRun } from './src/core/run/openRun';
        export { RunIndex } from './src/core/run/runIndex';
        export { userDirectories } from './src/core/base/userDirectories';
      `,
      resolveDir: root,
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.9',
    mainFields: ['module', 'main'],
    // Libraries that are CommonJS inside still ask for `require`.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  return import(pathToFileURL(outfile).href);
}
