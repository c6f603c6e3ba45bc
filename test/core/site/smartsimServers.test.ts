import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findSmartsimServers } from '../../../src/core/site/smartsimServers';
import { temporaryFolder } from '../../support/temporaryFolder';

describe('findSmartsimServers', () => {
  const folder = temporaryFolder();

  function put(name: string): string {
    const file = path.join(folder.path, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, '#!/bin/sh\n', { mode: 0o755 });
    return file;
  }

  it('finds what smart build made in the environment of the smart command, through links', async () => {
    put('venv/bin/smart');
    const server = put('venv/lib/python3.11/site-packages/smartsim/_core/bin/redis-server');
    put('venv/lib/python3.11/site-packages/smartsim/_core/bin/redis-cli');
    mkdirSync(path.join(folder.path, 'home/bin'), { recursive: true });
    symlinkSync(path.join(folder.path, 'venv/bin/smart'), path.join(folder.path, 'home/bin/smart'));
    assert.deepEqual(await findSmartsimServers({ PATH: path.join(folder.path, 'home/bin') }), [server]);
  });

  it('looks where SMARTSIM_DEP_INSTALL_PATH says, and nowhere else', async () => {
    const server = put('deps/bin/keydb-server');
    put('venv/bin/smart');
    put('venv/lib/python3.11/site-packages/smartsim/_core/bin/redis-server');
    const environment = {
      PATH: path.join(folder.path, 'venv/bin'),
      SMARTSIM_DEP_INSTALL_PATH: path.join(folder.path, 'deps'),
    };
    assert.deepEqual(await findSmartsimServers(environment), [server]);
  });

  it('finds nothing where SmartSim is not', async () => {
    assert.deepEqual(await findSmartsimServers({ PATH: folder.path }), []);
  });
});
