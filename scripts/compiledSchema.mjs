// esbuild plugin: `import … from 'compiled:NAME.schema.json'` gives the schema of that name, compiled by ajv to
// plain code while bundling. Nothing generated lies in `src`, and nothing is evaluated at run time.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';

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
        contents: withLinearErrors(standalone.default(ajv, validate)),
        resolveDir: path.dirname(file),
        watchFiles: [file],
      };
    });
  },
};

/** ajv copies all errors so far whenever a `$ref` adds some: with many errors that takes the square of their number. */
function withLinearErrors(code) {
  const copies = /vErrors = vErrors === null \? (\w+)\.errors : vErrors\.concat\(\1\.errors\);/g;
  if (!copies.test(code))
    throw new Error('ajv writes other code than it did: look at withLinearErrors again.');
  return `${code.replaceAll(copies, 'vErrors = appended(vErrors, $1.errors);')}
function appended(errors, more) {
  if (errors === null) return more;
  for (const error of more) errors.push(error);
  return errors;
}
`;
}
