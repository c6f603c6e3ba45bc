import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { announcements } from '../../../../src/core/database/discovery/announcements';
import { manifestDatabases } from '../../../../src/core/database/discovery/manifestDatabases';
import { endpointText } from '../../../../src/core/redis/wire/endpoint';
import { projectRoot } from '../../../support/projectRoot';

function recorded(name: string): string {
  return readFileSync(path.join(projectRoot, 'test/fixtures/smartsim', name), 'utf8');
}

/** Name, addresses and folders of state of each database. */
function told(manifest: unknown): readonly (readonly unknown[])[] | undefined {
  return manifestDatabases(manifest)?.map(({ name, endpoints, statusFolders }) => [
    name,
    endpoints.map(endpointText).join(),
    ...statusFolders,
  ]);
}

function manifestOf(run: object, launcher = 'Local'): object {
  return { experiment: { name: 'exp', launcher }, runs: [{ run_id: 'r1', ...run }] };
}

function orchestrator(name: string, hostname: string, ports: readonly number[]): object {
  const shards = ports.map((port, index) => ({ name: `${name}_${index}`, hostname, port, cluster: true }));
  return { name, type: 'redis', interface: 'lo', shards };
}

describe("SmartSim's record of an experiment", () => {
  it('of release 0.8.0 tells of its orchestrators and of what is co-located', () => {
    assert.deepEqual(told(JSON.parse(recorded('manifest-0.8.0.json'))), [
      ['lattice/sim', '/tmp/sim.sock', 'lattice/2db70ec/model/sim'],
      ['lattice', '127.0.0.1:7391', 'lattice/08c1633/database/orchestrator/orchestrator_0'],
      ['lattice/analysis', '127.0.0.1:7392', 'lattice/08c1633/database/analysis/analysis_0'],
    ]);
  });

  it('tells of clusters, of all runs the newest first', () => {
    const runs = [
      { run_id: 'r1', orchestrator: [orchestrator('orchestrator', '10.0.0.1', [1, 2, 3])] },
      { run_id: 'r2', orchestrator: [orchestrator('b', '10.0.0.1', [4])] },
    ];
    const addresses = told({ experiment: { name: 'exp', launcher: 'Slurm' }, runs });
    assert.deepEqual(
      addresses?.map(([name, servers]) => [name, servers]),
      [
        ['exp/b', '10.0.0.1:4'],
        ['exp', '10.0.0.1:1,10.0.0.1:2,10.0.0.1:3'],
      ],
    );
  });

  it('tells nothing of the loopback of nodes of a workload manager', () => {
    const run = {
      orchestrator: [orchestrator('orchestrator', '127.0.0.1', [1])],
      model: [{ name: 'sim', colocated_db: { settings: { port: 2 } } }],
    };
    assert.deepEqual(told(manifestOf(run, 'Slurm')), []);
    assert.equal(told(manifestOf(run))?.length, 2);
  });

  it('tells of databases of members of ensembles', () => {
    const run = {
      ensemble: [{ name: 'sweep', models: [{ name: 'sweep_0', colocated_db: { settings: { port: 2 } } }] }],
    };
    assert.deepEqual(told(manifestOf(run)), [
      ['exp/sweep_0', '127.0.0.1:2', 'exp/r1/ensemble/sweep/sweep_0'],
    ]);
  });

  it('leads to no folder outside and to no address that is none', () => {
    const run = {
      orchestrator: [
        { name: '../../../etc', shards: [{ name: 'x', hostname: '10.0.0.1', port: 1 }] },
        { name: 'bad', shards: [{ name: 'y', hostname: 'a b', port: 'c' }] },
        { name: 'none' },
        17,
      ],
      model: 'none',
    };
    assert.deepEqual(told(manifestOf(run)), [['exp/../../../etc', '10.0.0.1:1']]);
  });

  it('shows names in one line without anything that hides', () => {
    const [database] = told(manifestOf({ orchestrator: [orchestrator('a\n\u202eb', 'h', [1])] })) ?? [];
    assert.equal(database?.[0], 'exp/a b');
  });

  it('is none without a list of runs', () => {
    for (const value of [undefined, null, 1, [], {}, { runs: {} }])
      assert.equal(manifestDatabases(value), undefined);
  });
});

describe('announcements of shards', () => {
  it('of release 0.8.0 are read', () => {
    assert.deepEqual(announcements(recorded('shard-0.8.0.out')), [
      {
        shard: 'analysis_0',
        endpoint: { kind: 'tcp', host: '127.0.0.1', port: 7392 },
        clustered: false,
      },
    ]);
  });

  it('of all shards may stand in one output, behind labels of a launcher; what is none is passed over', () => {
    const line = (port: number, name = `db_${port}`): string =>
      `SMARTSIM_ORC_SHARD_INFO: {"name": "${name}", "hostname": "10.0.0.${port}", "port": ${port}, "cluster": true}`;
    const output = [
      line(1),
      `2: ${line(2)}`,
      `${line(3)} `,
      'SMARTSIM_ORC_SHARD_INFO: {"name":',
      line(1),
      line(0),
    ];
    assert.deepEqual(
      announcements(output.join('\r\n')).map(({ shard, endpoint }) => [shard, endpointText(endpoint)]),
      [
        ['db_1', '10.0.0.1:1'],
        ['db_2', '10.0.0.2:2'],
        ['db_3', '10.0.0.3:3'],
      ],
    );
    const many = Array.from({ length: 200 }, (_, shard) => line(1, `db_${shard}`));
    assert.equal(announcements(many.join('\n')).length, 128);
  });
});
