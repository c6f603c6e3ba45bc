// What activation costs: reading our bundle and running activate(), each time in a fresh process; beside it a bundle
// that reads every library at once, and the size of the package.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { packedExtension } from '../scripts/checkout.mjs';
import { compiledSchema } from '../scripts/compiledSchema.mjs';
import { interleave, outDirectory, report, root, shown, summarise } from './measure.mjs';

const rounds = 15;
const bundle = path.join(root, 'dist/extension.js');
if (!existsSync(bundle)) throw new Error('dist/extension.js is missing: run `npm run build` first.');
mkdirSync(outDirectory, { recursive: true });
const eagerBundle = path.join(outDirectory, 'eagerExtension.cjs');
await buildEager();

const figures = await interleave(rounds, {
  empty: async () => ({ empty: startEmpty() }),
  ours: async () => prefixed('ours', activate(bundle)),
  eager: async () => prefixed('eager', activate(eagerBundle)),
});
const summaries = Object.fromEntries(
  Object.entries(figures).map(([name, values]) => [name, summarise(values)]),
);
const packed = sizeOfPackage();
report(
  'activation',
  `Activation (${rounds} fresh processes each, interleaved)`,
  [
    { what: 'reading dist/extension.js', measured: shown(summaries['ours.requireMs']) },
    { what: 'activate()', measured: shown(summaries['ours.activateMs']) },
    {
      what: 'both together',
      measured: shown(summaries['ours.totalMs']),
      goal: 'at most 25 ms',
      met: summaries['ours.totalMs'].median <= 25,
    },
    { what: 'the same with every library read at once', measured: shown(summaries['eager.totalMs']) },
    { what: 'whole process that does nothing', measured: shown(summaries.empty) },
    { what: 'dist/extension.js', measured: `${(statSync(bundle).size / 1e3).toFixed(0)} kB` },
    {
      what: packed.name,
      measured: `${(packed.bytes / 1e6).toFixed(2)} MB`,
      goal: 'below 2.5 MB',
      met: packed.bytes < 2.5e6,
    },
  ],
  { summaries, packed },
);

function activate(file) {
  const printed = execFileSync(process.execPath, [path.join(root, 'bench/activateOnce.cjs'), file], {
    encoding: 'utf8',
    env: { ...process.env, BENCH_ROOT: root },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { requireMs, activateMs } = JSON.parse(printed);
  return { requireMs, activateMs, totalMs: requireMs + activateMs };
}

function startEmpty() {
  const begin = performance.now();
  execFileSync(process.execPath, ['-e', '']);
  return performance.now() - begin;
}

function prefixed(name, values) {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${name}.${key}`, value]));
}

/** Our extension with all outside libraries read before it, as a careless bundle would. */
async function buildEager() {
  const libraries = ['ioredis', 'execa', 'yaml', 'vscode-jsonrpc/node'];
  await build({
    absWorkingDir: root,
    stdin: {
      contents: [
        ...libraries.map((name, index) => `import * as library${index} from '${name}';`),
        `globalThis.libraries = [${libraries.map((_, index) => `library${index}`).join(', ')}];`,
        `export * from './src/extension/extension';`,
      ].join('\n'),
      resolveDir: root,
    },
    outfile: eagerBundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.9',
    minify: true,
    mainFields: ['module', 'main'],
    external: ['vscode'],
    plugins: [compiledSchema],
    logLevel: 'error',
  });
}

/** Packs as `npm run package` does. */
function sizeOfPackage() {
  execFileSync(process.execPath, [path.join(root, 'scripts/package.mjs')], { stdio: 'ignore' });
  return { name: path.basename(packedExtension), bytes: statSync(packedExtension).size };
}
