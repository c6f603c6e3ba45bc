import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { packedExtension } from '../../scripts/checkout.mjs';
import { engineFile } from '../../scripts/engine.mjs';
import { EngineServer } from '../support/engineServer';
import { projectRoot } from '../support/projectRoot';
import { plain } from '../support/tensors';
import { readZip, type ZipEntry } from '../support/zipFile';

interface Manifest {
  readonly main: string;
  readonly icon: string;
  readonly bin: Record<string, string>;
  readonly contributes: {
    readonly viewsContainers: { readonly activitybar: readonly { readonly icon: string }[] };
    readonly grammars: readonly { readonly path: string }[];
    readonly languages: readonly { readonly configuration: string }[];
  };
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe('the packed extension', () => {
  let entries: readonly ZipEntry[];
  let folder: string;

  before(function () {
    // The first time, a compiler is fetched from its registry.
    this.timeout(400_000);
    const script = path.join(projectRoot, 'scripts/package.mjs');
    const { status, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    entries = readZip(readFileSync(packedExtension));
    folder = mkdtempSync(path.join(os.tmpdir(), 'packed-'));
    for (const { name, bytes } of entries) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), bytes);
    }
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('is smaller than 2.5 MB', () => {
    const bytes = readFileSync(packedExtension).length;
    assert.ok(bytes < 2_500_000, `${bytes} bytes`);
  });

  it('carries what runs and what is shown, and nothing of how it is made', () => {
    const strangers = entries
      .map(({ name }) => name.replace(/^extension\//, ''))
      .filter((name) => !/^(\[Content_Types\]\.xml|extension\.vsixmanifest)$/.test(name))
      .filter((name) => !/^(package(\.nls)?\.json|readme\.md|changelog\.md|LICENSE\.txt)$/.test(name))
      .filter((name) => !/^dist\/([\w.-]+\.js|engine\/(linux|darwin)-(x64|arm64)\/engine\.so)$/.test(name))
      .filter((name) => !/^engine\/src\/(\w+\.[ch]|compile\.json)$/.test(name))
      .filter((name) => !/^(media|l10n|syntaxes|examples)\//.test(name))
      .filter((name) => !['docs/errors.md', 'src/core/spec/experiment.schema.json'].includes(name));
    assert.deepEqual(strangers, []);
  });

  it('carries the engine for Linux and macOS, on both kinds of processor', () => {
    const engines = entries.map(({ name }) => /engine\/(.+)\/engine\.so$/.exec(name)?.[1]);
    const platforms = engines.filter((platform) => platform !== undefined).sort();
    assert.deepEqual(platforms, ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64']);
  });

  it('carries the very sources of the engine, for every other machine', () => {
    const sources = path.join(projectRoot, 'engine/src');
    for (const name of readdirSync(sources)) {
      const packed = entries.find((entry) => entry.name === `extension/engine/src/${name}`);
      assert.ok(packed && readFileSync(path.join(sources, name)).equals(packed.bytes), name);
    }
  });

  it('carries an engine that a server loads and that keeps a tensor', async () => {
    const entry = `extension/dist/${path.relative(path.join(projectRoot, 'dist'), engineFile)}`;
    const packed = entries.find(({ name }) => name === entry);
    assert.ok(packed && readFileSync(engineFile).equals(packed.bytes));
    const server = await EngineServer.start();
    try {
      const client = await server.client();
      await client.send('AI.TENSORSET', 't', 'FLOAT', '2', 'VALUES', '1', '2.5');
      assert.deepEqual(plain(await client.send('AI.TENSORGET', 't', 'VALUES')), ['1', '2.5']);
    } finally {
      await server.stop();
    }
  });

  it('carries every file that its manifest names', () => {
    const manifest = JSON.parse(
      readFileSync(path.join(folder, 'extension/package.json'), 'utf8'),
    ) as Manifest;
    const { viewsContainers, grammars, languages } = manifest.contributes;
    const named = [
      manifest.main,
      manifest.icon,
      ...Object.values(manifest.bin),
      ...viewsContainers.activitybar.map(({ icon }) => icon),
      ...grammars.map((grammar) => grammar.path),
      ...languages.map(({ configuration }) => configuration),
    ];
    const present = new Set(entries.map(({ name }) => name));
    const missing = named.filter((file) => !present.has(path.posix.join('extension', file)));
    assert.deepEqual(missing, []);
  });

  it('names no place of the machine that it was made on', () => {
    const telling = entries.filter(({ bytes }) => textOf(bytes).includes(projectRoot));
    assert.deepEqual(
      telling.map(({ name }) => name),
      [],
    );
  });

  it('asks for vscode in the extension only, and brings every other package along', () => {
    for (const { name, bytes } of entries.filter(({ name }) => name.endsWith('.js'))) {
      const asked = [...textOf(bytes).matchAll(/(?<!['"`])\brequire\("([^"./][^"]*)"\)/g)].map(
        ([, id]) => id ?? '',
      );
      const outside = asked.filter((id) => !id.startsWith('node:') && !builtinModules.includes(id));
      assert.deepEqual([...new Set(outside)], /extension[\w.-]*\.js$/.test(name) ? ['vscode'] : [], name);
    }
  });

  it('checks the example that it carries, with nothing but Node', () => {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [
        'extension/dist/ssw.js',
        'validate',
        '--offline',
        'extension/examples/quickstart/heat.smartsim.yaml',
        '--json',
      ],
      { cwd: folder, encoding: 'utf8', timeout: 30_000 },
    );
    assert.equal(status, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), { problems: [] });
  });
});
