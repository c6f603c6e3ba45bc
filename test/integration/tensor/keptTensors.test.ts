import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RunStatus } from '../../../src/core/deployment/toRunStatus';
import { EngineServer } from '../../support/engineServer';
import { assertEveryTensor, everyKey, setEveryTensor } from '../../support/everyTensor';
import { RespClient } from '../../support/respClient';
import { runCli, type CliOutcome } from '../../support/runCli';
import { slotOf } from '../../support/slotOf';
import { until } from '../../support/startedRun';
import { plain } from '../../support/tensors';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

const file = 'e.smartsim.yaml';

describe('tensors of orchestrators that ssw launches', function () {
  this.timeout(120_000);
  let work: WorkDirectory;
  const clients: RespClient[] = [];

  beforeEach(() => {
    work = workDirectory();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await ssw('down', file, '--force');
    work.remove();
  });

  function ssw(...words: readonly string[]): Promise<CliOutcome> {
    const environment = { ...process.env, HOME: work.path, XDG_RUNTIME_DIR: work.path };
    return runCli(words, { directory: work.path, environment });
  }

  /** Launches an orchestrator that has these keys besides its port. */
  async function up(keys: string): Promise<RunStatus> {
    writeFileSync(
      path.join(work.path, file),
      `version: 1\nexperiment: e\norchestrator: {port: auto, ai: builtin, ${keys}}\n`,
    );
    const { exitCode, out, err } = await ssw('up', file, '--detach', '--json');
    assert.equal(exitCode, 0, err);
    return (JSON.parse(out) as { runs: readonly RunStatus[] }).runs[0]!;
  }

  async function clientOf(port: number): Promise<RespClient> {
    const client = await RespClient.connect(port);
    clients.push(client);
    return client;
  }

  const portsOf = (run: RunStatus): readonly number[] => run.orchestrators[0]!.shards.map(({ port }) => port);

  const runDirectoryOf = ({ id }: RunStatus): string => path.join(work.path, 'e/.smartsim/workbench', id);

  /** Of the supervisor, which alone governs the servers. */
  function secretOf(run: RunStatus): string {
    return readFileSync(path.join(runDirectoryOf(run), 'secret'), 'utf8');
  }

  for (const [what, settings, save] of [
    ['an RDB file', [], true],
    ['an AOF', ['--appendonly', 'yes'], false],
  ] as const)
    it(`come back bit by bit from ${what}: over a restart, and after the run in another server`, async () => {
      const run = await up(save ? 'db_nodes: 1' : 'conf: {appendonly: true}');
      const [port = 0] = portsOf(run);
      const client = await clientOf(port);
      await setEveryTensor(client);
      if (save) assert.equal(await client.send('SAVE'), 'OK');
      assert.equal((await ssw('restart', file, 'orchestrator_0')).exitCode, 0);
      await assertEveryTensor(await clientOf(port));
      assert.equal((await ssw('down', file)).exitCode, 0);
      const shard = path.join(runDirectoryOf(run), 'shards/orchestrator_0');
      const other = await EngineServer.start(['--dir', shard, ...settings]);
      try {
        await assertEveryTensor(await other.client());
      } finally {
        await other.stop();
      }
    });

  it('are replicated to whom the supervisor’s secret is given, and to nobody else', async () => {
    const run = await up('db_nodes: 1');
    const [port = 0] = portsOf(run);
    const client = await clientOf(port);
    await setEveryTensor(client);
    const replica = await EngineServer.start();
    try {
      const reader = await replica.client();
      await reader.send('REPLICAOF', '127.0.0.1', port);
      await until('the refusal of who has no secret', () => replica.log.includes('NOPERM'));
      assert.equal(await reader.send('DBSIZE'), 0);
      await reader.send('CONFIG', 'SET', 'masteruser', 'ssw', 'masterauth', secretOf(run));
      await until('the replica', async () =>
        String(plain(await reader.send('INFO', 'replication'))).includes('master_link_status:up'),
      );
      await assertEveryTensor(reader);
      await setEveryTensor(client, 'later:');
      assert.equal(await client.send('WAIT', 1, 10_000), 1);
      await assertEveryTensor(reader, 'later:');
    } finally {
      await replica.stop();
    }
  });

  describe('in a cluster of three shards', () => {
    /** All keys are of one slot. */
    const tag = '{wave}';
    const slot = slotOf('wave');

    /** The shard that has the slot, by its number. */
    function ownerOf(run: RunStatus): number {
      return run.orchestrators[0]!.shards.findIndex(({ slots }) =>
        slots.some(([from, to]) => from <= slot && slot <= to),
      );
    }

    it('are there after a restart of their shard', async () => {
      const run = await up('db_nodes: 3, conf: {appendonly: true}');
      const { name, port } = run.orchestrators[0]!.shards[ownerOf(run)]!;
      await setEveryTensor(await clientOf(port), tag);
      const { exitCode, err } = await ssw('restart', file, name);
      assert.equal(exitCode, 0, err);
      await assertEveryTensor(await clientOf(port), tag);
    });

    it('move with their slot to another shard', async () => {
      const run = await up('db_nodes: 3');
      const shards = portsOf(run);
      const owner = ownerOf(run);
      const [from = 0, to = 0] = [shards[owner], shards[(owner + 1) % 3]];
      const client = await clientOf(from);
      await setEveryTensor(client, tag);
      const [source, target] = [await clientOf(from), await clientOf(to)];
      const ids: string[] = [];
      for (const governor of [source, target]) {
        assert.equal(await governor.send('AUTH', 'ssw', secretOf(run)), 'OK');
        ids.push(String(plain(await governor.send('CLUSTER', 'MYID'))));
      }
      const [sourceId = '', targetId = ''] = ids;
      assert.equal(await target.send('CLUSTER', 'SETSLOT', slot, 'IMPORTING', sourceId), 'OK');
      assert.equal(await source.send('CLUSTER', 'SETSLOT', slot, 'MIGRATING', targetId), 'OK');
      const auth = ['AUTH2', 'ssw', secretOf(run)];
      const onItsWay = await ssw('tensor', `${tag}not there yet`);
      assert.equal(onItsWay.exitCode, 1);
      assert.match(onItsWay.err, /slot-moving The slot of .* is on its way from orchestrator_/);
      const keys = everyKey.map((key) => tag + key);
      assert.equal(
        plain(await source.send('MIGRATE', '127.0.0.1', to, '', 0, 10_000, ...auth, 'KEYS', ...keys)),
        'OK',
      );
      for (const governor of [target, source])
        assert.equal(await governor.send('CLUSTER', 'SETSLOT', slot, 'NODE', targetId), 'OK');
      await assertEveryTensor(await clientOf(to), tag);
      assert.match(String(plain(await client.send('AI.TENSORGET', keys[0]!))), /^MOVED /);
    });
  });
});
