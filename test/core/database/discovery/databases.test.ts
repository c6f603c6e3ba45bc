import assert from 'node:assert/strict';
import fs, { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../../../src/core/base/problem';
import { addressTarget } from '../../../../src/core/database/discovery/addressTarget';
import { findDatabases } from '../../../../src/core/database/discovery/findDatabases';
import { distinctDatabases } from '../../../../src/core/database/discovery/distinctDatabases';
import { environmentDatabases } from '../../../../src/core/database/discovery/environmentDatabases';
import type { FoundDatabase } from '../../../../src/core/database/discovery/foundDatabase';
import { runDatabases } from '../../../../src/core/database/discovery/runDatabases';
import {
  searchFolders,
  usualSearch,
  type SearchBounds,
} from '../../../../src/core/database/discovery/searchFolders';
import { endpointText } from '../../../../src/core/redis/wire/endpoint';
import { orchestratorSnapshot, runSnapshot, shardSnapshot } from '../../../support/runSnapshots';
import { temporaryFolder } from '../../../support/temporaryFolder';

const never = new AbortController().signal;

function found(file: string, ...ports: readonly number[]): FoundDatabase {
  return {
    target: addressTarget({ endpoints: ports.map((port) => ({ kind: 'tcp', host: '127.0.0.1', port })) }),
    origins: [{ kind: 'manifest', file }],
  };
}

function described({ target, origins }: FoundDatabase): readonly string[] {
  return [target.endpoints.map(endpointText).join(), ...origins.map((origin) => JSON.stringify(origin))];
}

describe('the databases that the environment names', () => {
  function named(environment: Record<string, string>): readonly (readonly string[])[] {
    const databases = environmentDatabases(environment);
    assert.ok(databases.ok);
    return databases.value.map(({ target }) => [target.name, target.endpoints.map(endpointText).join()]);
  }

  it('are those of SSDB and of SSDB_ with an identifier, as SmartRedis understands them', () => {
    const environment = {
      SSDB: '10.0.0.1:1,10.0.0.2:1,10.0.0.3:1',
      SSDB_near: 'unix:///run/near.sock',
      SSDBX: 'h:1',
      SSDB_empty: '',
    };
    assert.deepEqual(named(environment), [
      ['SSDB', '10.0.0.1:1,10.0.0.2:1,10.0.0.3:1'],
      ['SSDB_near', '/run/near.sock'],
    ]);
  });

  it('are one for each address where they are called standalone', () => {
    const environment = {
      SSDB_x: 'h:1,h:2',
      SR_DB_TYPE_x: 'Standalone',
      SSDB_y: 'h:3,h:4',
      SR_DB_TYPE_y: 'CLUSTERED',
    };
    assert.deepEqual(named(environment), [
      ['h:1', 'h:1'],
      ['h:2', 'h:2'],
      ['SSDB_y', 'h:3,h:4'],
    ]);
  });

  it('are missing where a value is no address, with the reason and without the value', () => {
    const databases = environmentDatabases({ SSDB: 'secret word' });
    assert.deepEqual(
      databases.problems.map((one) => [messageOf(one), one.evidence]),
      [
        [
          'The value of SSDB in the environment is no address of a database.',
          'Entry 1 of the address has no host: a name, an IPv4 address or an IPv6 address in brackets.',
        ],
      ],
    );
  });
});

describe('databases that were found several times', () => {
  it('are one where they share a server; the first stays as it is', () => {
    const distinct = distinctDatabases([found('a', 1, 2), found('b', 3), found('c', 2, 9), found('d', 9)]);
    assert.deepEqual(distinct.map(described), [
      ['127.0.0.1:1,127.0.0.1:2', ...['a', 'c', 'd'].map((file) => `{"kind":"manifest","file":"${file}"}`)],
      ['127.0.0.1:3', '{"kind":"manifest","file":"b"}'],
    ]);
  });

  it('have one id, in whatever order their servers were named', () => {
    assert.equal(found('a', 2, 1).target.id, found('b', 1, 2).target.id);
    assert.notEqual(found('a', 1).target.id, found('a', 1, 2).target.id);
  });
});

describe('the databases of runs', () => {
  it('are those of orchestrators that serve, of live runs, with the shards that run', () => {
    const shards = [
      shardSnapshot({ port: 1 }),
      shardSnapshot({ port: 2, status: 'Failed' }),
      shardSnapshot({ port: 3 }),
    ];
    const orchestrators = [
      orchestratorSnapshot({ shards }),
      orchestratorSnapshot({ id: 'second', phase: 'degraded' }),
      orchestratorSnapshot({ id: 'third', phase: 'starting' }),
      orchestratorSnapshot({ id: 'fourth', shards: [] }),
    ];
    const databases = runDatabases([
      { live: true, snapshot: runSnapshot({ id: 'r1', orchestrators }) },
      { live: false, snapshot: runSnapshot({ id: 'r2' }) },
    ]);
    assert.deepEqual(
      databases.map(({ target: { id, name, own, endpoints } }) => [
        id,
        name,
        own,
        endpoints.map(endpointText).join(),
      ]),
      [
        ['run:r1/orchestrator', 'lattice', true, '127.0.0.1:1,127.0.0.1:3'],
        ['run:r1/second', 'lattice/second', true, '127.0.0.1:6780'],
      ],
    );
  });
});

describe('a search of folders', () => {
  const { opendir } = fs.promises;
  // Before the folder is removed.
  afterEach(() => {
    fs.promises.opendir = opendir;
  });
  const folder = temporaryFolder();

  function write(...names: readonly string[]): void {
    const file = path.join(folder.path, ...names);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, '');
  }

  async function search(bounds: Partial<SearchBounds> = {}): Promise<readonly (readonly string[])[]> {
    const files = await searchFolders([folder.path], { ...usualSearch, ...bounds }, never);
    return [files.manifests, files.outputs].map((names) =>
      names.map((name) => path.relative(folder.path, name)).sort(),
    );
  }

  it('finds records and outputs, SmartSim’s own folders first', async () => {
    write('a/exp/.smartsim/telemetry/manifest.json');
    write('a/exp/.smartsim/telemetry/exp/r1/database/db/db_0/db_0.out');
    write('a/exp/model/run.out');
    write('b/manifest.json');
    assert.deepEqual(await search(), [
      ['a/exp/.smartsim/telemetry/manifest.json'],
      ['a/exp/.smartsim/telemetry/exp/r1/database/db/db_0/db_0.out', 'a/exp/model/run.out'],
    ]);
  });

  it('looks into no hidden folders, packages, runs of ours or links', async () => {
    for (const name of [
      'node_modules',
      '.git',
      '__pycache__',
      'venv/lib/site-packages',
      '.smartsim/workbench',
    ])
      write(name, 'exp/.smartsim/telemetry/manifest.json');
    symlinkSync('/', path.join(folder.path, 'link'));
    assert.deepEqual(await search(), [[], []]);
  });

  it('ends at each of its bounds, with what it has', async () => {
    for (let index = 0; index < 30; index += 1) write(`exp${index}`, 'run.out');
    write('exp0/deep/deeper/run.out');
    const found = async (bounds: Partial<SearchBounds>): Promise<number> => (await search(bounds))[1]!.length;
    assert.equal(await found({}), 31);
    assert.equal(await found({ depth: 1 }), 30);
    assert.equal(await found({ files: 4 }), 4);
    assert.equal(await found({ folders: 6 }), 5);
    assert.equal(await found({ entries: 40 }), 10);
    assert.equal(await found({ milliseconds: 0 }), 0);
  });

  it('is given up when it is told to', async () => {
    write('run.out');
    const files = await searchFolders([folder.path], usualSearch, AbortSignal.abort());
    assert.deepEqual(files, { manifests: [], outputs: [] });
  });

  it('passes over a folder that cannot be read to its end', async () => {
    write('a/run.out');
    write('b/run.out');
    fs.promises.opendir = async (place, options) => {
      const directory = await opendir(place, options);
      if (path.basename(String(place)) === 'a')
        directory[Symbol.asyncIterator] = () => {
          directory.closeSync();
          throw Object.assign(new Error('stale'), { code: 'ESTALE' });
        };
      return directory;
    };
    assert.deepEqual(await search(), [[], ['b/run.out']]);
  });

  it('that hangs in a file system holds up nothing that the environment tells', async () => {
    const ending = new AbortController();
    fs.promises.opendir = () => {
      ending.abort();
      return new Promise(() => undefined);
    };
    const places = { environment: { SSDB: '192.0.2.1:1' }, folders: [folder.path], userId: 0 };
    const { databases, problems } = await findDatabases(places, ending.signal);
    assert.deepEqual([databases.map(({ target }) => target.name), problems], [['SSDB'], []]);
  });
});
