import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { silentLog } from '../../../src/core/base/log';
import { buildEngine } from '../../../src/core/site/buildEngine';
import { engineIn } from '../../../src/core/site/engineIn';
import { listAiModules } from '../../../src/core/site/listAiModules';
import { builtEngine, packedEngine } from '../../support/builtEngine';
import { projectRoot } from '../../support/projectRoot';
import { environmentIn, runOf } from '../../support/commandLine';
import { runCli, type CliOutcome } from '../../support/runCli';

import { temporaryFolder } from '../../support/temporaryFolder';
import { workDirectory } from '../../support/workDirectory';

describe('buildEngine', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const inFolder = (...names: readonly string[]): string => path.join(folder.path, ...names);
  /** A package that has no library for this machine. */
  const engine = { library: '/nonexistent/engine.so', sources: packedEngine.sources };

  function options(environment: Readonly<Record<string, string>> = {}): Parameters<typeof listAiModules>[0] {
    return {
      environment: { HOME: folder.path, PATH: '/usr/bin:/bin', ...environment },
      dataDirectory: inFolder('data'),
      engine,
    };
  }

  function build(
    environment?: Readonly<Record<string, string>>,
    more: Partial<Parameters<typeof buildEngine>[0]> = {},
  ): ReturnType<typeof buildEngine> {
    return buildEngine({ ...options(environment), log: silentLog, ...more });
  }

  /** Stands in for a compiler: a script that is called with a compiler's arguments, the last of which is `$target`. */
  function standIn(script: string): Readonly<Record<string, string>> {
    const file = inFolder('compiler');
    writeFileSync(file, `#!/bin/sh\nfor target; do :; done\n${script}\n`, { mode: 0o755 });
    return { CC: file };
  }

  const left = (): readonly string[] => readdirSync(inFolder('data/engines'));

  it('makes a library of the user’s alone, which is found from then on', async () => {
    const built = await build();
    assert.ok(built.ok, built.problems[0]?.evidence);
    const { path: library, ...others } = built.value;
    assert.deepEqual(others, { provider: 'builtin', origin: 'built', version: '0.1.0' });
    assert.match(path.relative(inFolder('data/engines'), library), /^0\.1\.0-[0-9a-f]{16}\/engine\.so$/);
    assert.equal(statSync(library).mode & 0o777, 0o500);
    for (const directory of [path.dirname(library), inFolder('data/engines'), inFolder('data')])
      assert.equal(statSync(directory).mode & 0o777, 0o700);
    assert.equal(left().length, 1);
    assert.ok(!readFileSync(library, 'latin1').includes(folder.path));
    assert.deepEqual(await listAiModules(options()), [{ kind: 'usable', module: built.value }]);
    // It is the same engine wherever it is named.
    const [named] = await listAiModules(options({ RAI_PATH: library }));
    assert.equal(named?.kind === 'usable' ? named.module.provider : undefined, 'builtin');
  });

  it('is never taken for one of other sources', async () => {
    assert.ok((await build(standIn(`cp '${builtEngine}' "$target"`))).ok);
    const sources = inFolder('updated');
    cpSync(engine.sources, sources, { recursive: true });
    const same = { ...options(), engine: { ...engine, sources } };
    assert.equal((await listAiModules(same)).length, 1);
    const updated = inFolder('again');
    cpSync(engine.sources, updated, { recursive: true });
    const told = path.join(updated, 'compile.json');
    writeFileSync(told, readFileSync(told, 'utf8').replace('-O3', '-O2'));
    assert.deepEqual(await listAiModules({ ...options(), engine: { ...engine, sources: updated } }), []);
  });

  it('goes before the library of the package, which may be one that this machine cannot load', async () => {
    const packed = { ...options(), engine: packedEngine };
    const origins = async (): Promise<readonly unknown[]> =>
      (await listAiModules(packed)).map((one) => (one.kind === 'usable' ? one.module.origin : one.kind));
    assert.deepEqual(await origins(), ['bundled']);
    const built = await build(standIn(`cp '${builtEngine}' "$target"`), packed);
    assert.ok(built.ok);
    assert.deepEqual(await origins(), ['built', 'bundled']);
  });

  it('takes the compiler that CC names, with its arguments, and no other', async () => {
    const { CC } = standIn(`echo "$1" > '${inFolder('first')}'; cp '${builtEngine}' "$target"`);
    assert.ok((await build({ CC: `${CC} --mine` })).ok);
    assert.equal(readFileSync(inFolder('first'), 'utf8'), '--mine\n');
    const refused = await build({ CC: 'nonesuch' });
    assert.equal(refused.problems[0]?.code, 'engine-no-compiler');
    assert.deepEqual(refused.problems[0].args, { names: 'nonesuch' });
  });

  it('says that there is no compiler', async () => {
    const refused = await build({ PATH: folder.path });
    assert.equal(refused.problems[0]?.code, 'engine-no-compiler');
    assert.deepEqual(refused.problems[0].args, { names: 'cc, gcc, clang' });
    assert.ok(!existsSync(inFolder('data')));
  });

  it('tells the end of what a compiler that fails has said, and leaves nothing', async () => {
    const refused = await build(
      standIn('i=0; while [ $i -lt 30 ]; do i=$((i+1)); echo "line $i" >&2; done; exit 1'),
    );
    assert.equal(refused.problems[0]?.code, 'engine-build-failed');
    const said = refused.problems[0].evidence?.split('\n') ?? [];
    assert.deepEqual([said.length, said[0], said.at(-1)], [20, 'line 11', 'line 30']);
    assert.deepEqual(left(), []);
  });

  it('believes no compiler that makes no library for this machine', async () => {
    const nothing = await build(standIn('exit 0'));
    assert.equal(nothing.problems[0]?.code, 'engine-build-failed');
    assert.match(nothing.problems[0].evidence ?? '', /There is no AI module at/);
    const foreign = await build(
      standIn(`head -c 18 '${builtEngine}' > "$target"; printf '\\377\\377' >> "$target"`),
    );
    assert.match(foreign.problems[0]?.evidence ?? '', /was made for another kind of processor/);
    assert.deepEqual(left(), []);
    assert.deepEqual(await listAiModules(options()), []);
  });

  it('leaves nothing when cancelled in the middle', async () => {
    const cancel = new AbortController();
    const log = {
      ...silentLog,
      debug: () => {
        cancel.abort();
      },
    };
    const slow = standIn('echo begun; echo half > "$target"; exec sleep 100');
    const cancelled = await build(slow, { signal: cancel.signal, log });
    assert.equal(cancelled.problems[0]?.code, 'engine-build-cancelled');
    assert.deepEqual(left(), []);
  });

  it('says when its folder cannot be written to, and when its sources are gone', async () => {
    mkdirSync(inFolder('data'));
    writeFileSync(inFolder('data/engines'), '');
    assert.equal((await build()).problems[0]?.code, 'engine-folder-not-writable');
    const gone = { ...engine, sources: inFolder('nowhere') };
    assert.equal((await build({}, { engine: gone })).problems[0]?.code, 'engine-sources-missing');
  });

  it('is whole at every moment when several build, and replaces what a build has left', async () => {
    const slowly = standIn(
      `head -c 4 '${builtEngine}' > "$target"; sleep 0.2; cp '${builtEngine}' "$target"`,
    );
    const all = await Promise.all([build(slowly), build(slowly), build(slowly)]);
    assert.deepEqual(
      all.map(({ ok }) => ok),
      [true, true, true],
    );
    assert.equal(left().length, 1);
    const [found] = await listAiModules(options());
    assert.ok(found?.kind === 'usable');
    assert.deepEqual(readFileSync(found.module.path), readFileSync(builtEngine));
  });

  describe('in a package without a library for this machine', () => {
    /** This checkout's package, as an editor unpacks it. */
    function unpack(): string {
      const programs = inFolder('package/dist');
      mkdirSync(programs, { recursive: true });
      for (const name of ['ssw.js', 'supervisor.js'])
        copyFileSync(path.join(projectRoot, 'dist', name), path.join(programs, name));
      cpSync(packedEngine.sources, engineIn(programs).sources, { recursive: true });
      return path.join(programs, 'ssw.js');
    }

    it('serves tensors after `ssw doctor --build-engine`', async () => {
      const program = unpack();
      const work = workDirectory();
      const file = path.join(work.path, 'wave.smartsim.yaml');
      writeFileSync(file, 'version: 1\nexperiment: wave\norchestrator: {port: auto, ai: builtin}\n');
      const ssw = (...words: readonly string[]): Promise<CliOutcome> =>
        runCli(words, { directory: work.path, environment: environmentIn(work), program });
      try {
        assert.match((await ssw('validate', file)).out, /no-engine[^]*ssw doctor --build-engine/);
        const doctor = await ssw('doctor', '--build-engine');
        assert.equal(doctor.exitCode, 0, doctor.err);
        assert.match(
          doctor.out,
          /^found {4}AI engine .*\(our own engine, from SmartSim Workbench, built on this machine; this one is used\)$/m,
        );
        const up = await ssw('up', file, '--detach', '--json');
        assert.equal(up.exitCode, 0, up.err);
        const port = String(runOf(up).orchestrators[0]?.shards[0]?.port);
        const ask = (...words: readonly string[]): string =>
          execFileSync('redis-cli', ['-p', port, ...words], { encoding: 'utf8' }).trim();
        assert.equal(ask('AI.TENSORSET', 'a', 'INT8', '2', 'VALUES', '3', '4'), 'OK');
        assert.equal(ask('AI.TENSORGET', 'a', 'VALUES'), '3\n4');
      } finally {
        await ssw('down', file, '--force');
        work.remove();
      }
    });
  });
});
