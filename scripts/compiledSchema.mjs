// esbuild plugin: `import … from 'compiled:NAME.schema.json'` gives the schema of that name, compiled by ajv to
// plain code while bundling. Nothing generated lies in `src`, and nothing is evaluated at run time.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Ajv } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';

/** @type {import('esbuild').Plugin} */
export const compiledSchema = {
  name: 'compiled-schema',
  setup(build) {
    const namespace = 'compiled-schema';
    build.onResolve({ filter: /^compiled:/ }, ({ path: name, resolveDir }) => ({
      path: path.join(resolveDir, name.slice('compiled:'.length)),
      namespace,
    }));
    build.onLoad({ filter: /.*/, namespace }, async ({ path: file }) => {
      const ajv = new Ajv({
        allErrors: true,
        allowUnionTypes: true,
        strict: true,
        // A key such as `constructor` is one of the file's, or none.
        ownProperties: true,
        code: { source: true, esm: true },
      });
      const validate = ajv.compile(JSON.parse(await readFile(file, 'utf8')));
      return {
        contents: standaloneCode(ajv, validate),
        resolveDir: path.dirname(file),
        watchFiles: [file],
      };
    });
  },
};
