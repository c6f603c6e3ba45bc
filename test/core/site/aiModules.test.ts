import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { programVersion } from '../../../src/core/base/programVersion';
import type { AiCandidate } from '../../../src/core/site/aiModule';
import { builtEnginePath } from '../../../src/core/site/builtEngine';
import { chooseAiModule } from '../../../src/core/site/chooseAiModule';
import { listAiModules } from '../../../src/core/site/listAiModules';
import { temporaryFolder } from '../../support/temporaryFolder';

describe('AI modules', () => {
  const folder = temporaryFolder();

  /** As a library for this machine begins. */
  const library = new Uint8Array(readFileSync(process.execPath).subarray(0, 64));

  const inFolder = (name: string): string => path.join(folder.path, name);

  function put(name: string, content: string | Uint8Array = library): string {
    const file = path.join(folder.path, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  function list(
    environment: Readonly<Record<string, string>>,
    redisaiSetting?: string,
  ): ReturnType<typeof listAiModules> {
    return listAiModules({
      environment: { HOME: folder.path, PATH: path.join(folder.path, 'venv/bin'), ...environment },
      engine: { library: inFolder('engine.so'), sources: inFolder('src') },
      dataDirectory: inFolder('data'),
      redisaiSetting,
    });
  }

  function told(candidates: readonly AiCandidate[]): readonly string[] {
    return candidates.map((one) =>
      one.kind === 'usable' ? `${one.module.origin} ${one.module.provider}` : `${one.origin} ${one.kind}`,
    );
  }

  it('are found in the order of choice', async () => {
    put('engine.so');
    put('src/module.c', 'int main;');
    const built = await builtEnginePath(inFolder('data'), inFolder('src'));
    put(path.relative(folder.path, built!));
    put('mine/redisai.so');
    put('theirs/redisai.so');
    chmodSync(put('venv/bin/smart', '#!/bin/sh\n'), 0o755);
    put('venv/lib/python3.11/site-packages/smartsim/_core/lib/redisai.so');
    const found = await list({ RAI_PATH: path.join(folder.path, 'theirs/redisai.so') }, 'mine/redisai.so');
    assert.deepEqual(told(found), [
      'setting redisai',
      'RAI_PATH redisai',
      'smartsim redisai',
      'built builtin',
      'bundled builtin',
    ]);
    const last = found.at(-1);
    assert.equal(last?.kind === 'usable' ? last.module.version : undefined, programVersion);
  });

  it('are looked for where SMARTSIM_DEP_INSTALL_PATH says', async () => {
    put('deps/lib/redisai.so');
    const found = await list({ SMARTSIM_DEP_INSTALL_PATH: path.join(folder.path, 'deps') });
    assert.deepEqual(told(found), ['smartsim redisai']);
  });

  it('are told even if nothing that will do is where the user says', async () => {
    put('text.so', 'no library');
    assert.deepEqual(told(await list({ RAI_PATH: '/nonesuch.so' }, 'text.so')), [
      'setting no-library',
      'RAI_PATH missing',
    ]);
    assert.deepEqual(told(await list({ RAI_PATH: folder.path })), ['RAI_PATH no-library']);
  });

  it('are told to be for another machine, and ours is passed over then', async () => {
    const foreign = library.slice();
    foreign[18] = (foreign[18] ?? 0) ^ 0xff;
    put('engine.so', foreign);
    const found = await list({});
    assert.deepEqual(told(found), ['bundled other-machine']);
    // What macOS loads, and the other way round.
    const macho = Uint8Array.from([0xcf, 0xfa, 0xed, 0xfe, ...new Uint8Array(60)]);
    put(
      'engine.so',
      Buffer.from(library.subarray(0, 4)).toString('latin1') === '\x7fELF' ? macho : '\x7fELF',
    );
    assert.deepEqual(told(await list({})), ['bundled other-machine']);
    const choice = chooseAiModule(found, 'auto');
    assert.deepEqual([choice.ok, choice.problems.map(({ code }) => code)], [true, ['no-tensors']]);
    assert.match(choice.problems[0]?.evidence ?? '', /made for another kind of processor/);
  });

  it('know our own engine by whatever path it is named', async () => {
    const link = path.join(folder.path, 'link.so');
    symlinkSync(put('engine.so'), link);
    assert.deepEqual(told(await list({ RAI_PATH: link })), ['RAI_PATH builtin', 'bundled builtin']);
  });

  describe('are chosen', () => {
    const redisai: AiCandidate = {
      kind: 'usable',
      module: { provider: 'redisai', origin: 'smartsim', path: '/s/redisai.so' },
    };
    const engine: AiCandidate = {
      kind: 'usable',
      module: { provider: 'builtin', origin: 'bundled', path: '/e.so' },
    };
    const broken = { provider: 'redisai', kind: 'no-library', path: '/b.so' } as const;

    function chosen(candidates: readonly AiCandidate[], wanted: 'auto' | 'redisai' | 'builtin'): string {
      const choice = chooseAiModule(candidates, wanted);
      const codes = choice.problems.map(({ code }) => code).join();
      return choice.ok ? (choice.value?.path ?? `none ${codes}`) : codes;
    }

    it('as the first that will do', () => {
      assert.equal(chosen([redisai, engine], 'auto'), '/s/redisai.so');
      assert.equal(chosen([engine], 'auto'), '/e.so');
      assert.equal(chosen([redisai, engine], 'builtin'), '/e.so');
    });

    it('or refused where the user named them, and passed over where they were only found', () => {
      assert.equal(chosen([{ ...broken, origin: 'RAI_PATH' }, engine], 'auto'), 'ai-module-no-library');
      assert.equal(chosen([{ ...broken, origin: 'smartsim' }, engine], 'auto'), '/e.so');
      assert.equal(chosen([{ ...broken, origin: 'RAI_PATH' }, engine], 'builtin'), '/e.so');
    });

    it('or told to be missing: as an error only where the file asks for one', () => {
      assert.equal(chosen([], 'auto'), 'none no-tensors');
      assert.equal(chosen([engine], 'redisai'), 'no-redisai');
      assert.equal(chosen([redisai], 'builtin'), 'no-engine');
    });
  });
});
