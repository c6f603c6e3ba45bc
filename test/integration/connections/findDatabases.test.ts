import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Database } from '../../../src/core/database/database';
import { findDatabases, type Discovery } from '../../../src/core/database/discovery/findDatabases';
import { DatabaseCluster, DatabaseServer } from '../../support/databaseServer';
import { freePort } from '../../support/freePort';
import { temporaryFolder } from '../../support/temporaryFolder';

const userId = process.getuid?.() ?? 0;

describe('databases that SmartSim has left traces of', () => {
  const folder = temporaryFolder();
  let server: DatabaseServer;
  let near: DatabaseServer;
  let cluster: DatabaseCluster;
  let socket = '';

  before(async () => {
    server = await DatabaseServer.start();
    socket = path.join(server.directory, 'db.sock');
    near = await DatabaseServer.start(['--unixsocket', socket]);
    cluster = await DatabaseCluster.start();
  });

  after(async () => {
    await near.stop();
    await server.stop();
    await cluster.stop();
  });

  function telemetry(...names: readonly string[]): string {
    const file = path.join(folder.path, 'lattice/.smartsim/telemetry', ...names);
    mkdirSync(path.dirname(file), { recursive: true });
    return file;
  }

  function shardsOf(name: string, ports: readonly number[]): object {
    const shards = ports.map((port, index) => ({ name: `${name}_${index}`, hostname: '127.0.0.1', port }));
    return { name, shards };
  }

  /** As SmartSim's driver leaves it: a standalone database, a cluster, and one that is co-located behind a socket. */
  function writeManifest(): void {
    const run = {
      run_id: '1a2b3c4',
      orchestrator: [
        shardsOf('orchestrator', [server.port]),
        shardsOf(
          'wide',
          cluster.servers.map(({ port }) => port),
        ),
      ],
      model: [{ name: 'sim', colocated_db: { settings: { unix_socket: socket, port: 0 } } }],
    };
    const manifest = { experiment: { name: 'lattice', launcher: 'Local' }, runs: [run] };
    writeFileSync(telemetry('manifest.json'), JSON.stringify(manifest));
  }

  function find(environment: Record<string, string> = {}, user = userId): Promise<Discovery> {
    const places = { environment, folders: [folder.path], userId: user };
    return findDatabases(places, new AbortController().signal);
  }

  function names({ databases }: Discovery): readonly string[] {
    return databases.map(({ target }) => target.name).sort();
  }

  it('are there without a question, and can be connected to', async () => {
    writeManifest();
    const found = await find({ SSDB: `127.0.0.1:${server.port}` });
    assert.deepEqual(found.problems, []);
    assert.deepEqual(names(found), ['SSDB', 'lattice/sim', 'lattice/wide']);
    for (const { target, isOurs } of found.databases) {
      assert.deepEqual([target.own, isOurs], [false, true], target.name);
      const opened = await Database.open(target, { limitMs: 10_000 });
      assert.ok(opened.ok, JSON.stringify(opened));
      assert.equal(opened.value.clustered, target.name === 'lattice/wide');
      opened.value.dispose();
    }
  });

  it('are nothing to be connected to unasked where another user owns them', async () => {
    writeManifest();
    const found = await find({}, userId + 1);
    assert.deepEqual(names(found), ['lattice', 'lattice/sim', 'lattice/wide']);
    assert.deepEqual(
      found.databases.map(({ isOurs }) => isOurs),
      [false, false, false],
    );
  });

  it('are nothing to be connected to unasked where one of their servers is elsewhere', async () => {
    const near = `127.0.0.1:${server.port}`;
    for (const [address, isOurs] of [
      [near, true],
      [`${near},192.0.2.1:6379`, false],
    ] as const) {
      const { databases } = await find({ SSDB: address });
      assert.deepEqual(
        databases.filter(({ target }) => target.name === 'SSDB').map((database) => database.isOurs),
        [isOurs],
      );
    }
  });

  it('are missing where nobody listens, their end was noted, or the traces are of another machine', async () => {
    writeManifest();
    const port = await freePort();
    const output = telemetry('lattice/1a2b3c4/database/old/old_0/old_0.out');
    const announced = { name: 'old_0', hostname: '127.0.0.1', port, cluster: false };
    writeFileSync(output, `SMARTSIM_ORC_SHARD_INFO: ${JSON.stringify(announced)}\n`);
    for (const [index] of cluster.servers.entries())
      writeFileSync(telemetry(`lattice/1a2b3c4/database/wide/wide_${index}/stop.json`), '{}');
    assert.deepEqual(names(await find()), ['lattice', 'lattice/sim']);
    const log = telemetry('logs/telemetrymonitor.out');
    const line = (host: string): string =>
      `2026-11-24 16:21:58,278 ${host} TelemetryMonitor[4365:MainThread] INFO\n`;
    writeFileSync(log, line(os.hostname()));
    assert.deepEqual(names(await find()), ['lattice', 'lattice/sim']);
    writeFileSync(log, line('another-host'));
    assert.deepEqual(names(await find()), []);
  });

  it('are found by announcements before they are recorded, a cluster as one', async () => {
    for (const [index, { port }] of cluster.servers.entries()) {
      const shard = { name: `db_${index}`, hostname: '127.0.0.1', port, cluster: true };
      const output = telemetry(`lattice/1a2b3c4/database/db/db_${index}/db_${index}.out`);
      writeFileSync(output, `SMARTSIM_ORC_SHARD_INFO: ${JSON.stringify(shard)}\n`);
    }
    const { databases } = await find();
    assert.deepEqual(
      databases.map(({ target, isOurs }) => [target.name, target.endpoints.length, isOurs]),
      [['db', 3, true]],
    );
  });

  it('are awaited while SmartSim writes its record, which is told of where it stays broken', async () => {
    const file = telemetry('manifest.json');
    writeFileSync(file, '{"experiment": {');
    const writing = find();
    setTimeout(writeManifest, 50);
    assert.deepEqual(names(await writing), ['lattice', 'lattice/sim', 'lattice/wide']);
    writeFileSync(file, '{"experiment": {');
    const { databases, problems } = await find();
    assert.deepEqual(
      [databases, problems.map(({ code, place }) => [code, place?.file])],
      [[], [['manifest-malformed', file]]],
    );
  });
});
