import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { KeyJson } from '../../../src/cli/render/keys';
import type { RunStatus } from '../../../src/core/deployment/toRunStatus';
import { DatabaseCluster, DatabaseServer } from '../../support/databaseServer';
import { RespClient, type Argument } from '../../support/respClient';
import { BegunCli, runCli, type CliOutcome } from '../../support/runCli';
import { slotOf } from '../../support/slotOf';
import { until } from '../../support/startedRun';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

const parsed = (out: string): readonly KeyJson[] =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as KeyJson);

describe('ssw keys', function () {
  this.timeout(120_000);
  let work: WorkDirectory;
  const started: { stop(): Promise<void> }[] = [];

  beforeEach(() => {
    work = workDirectory();
  });
  afterEach(async () => {
    for (const one of started.splice(0)) await one.stop();
    work.remove();
  });

  const options = (environment: Readonly<Record<string, string>> = {}) => ({
    directory: work.path,
    environment: { ...process.env, HOME: work.path, XDG_RUNTIME_DIR: work.path, ...environment },
  });
  const ssw = (...words: readonly string[]): Promise<CliOutcome> => runCli(words, options());

  async function server(args: readonly string[] = []): Promise<DatabaseServer> {
    const one = await DatabaseServer.start(args);
    started.push(one);
    return one;
  }

  async function tell({ port }: { readonly port: number }, commands: readonly Argument[][]): Promise<void> {
    const client = await RespClient.connect(port);
    await Promise.all(commands.map((words) => client.send(...words)));
    client.close();
  }

  const at = ({ port }: { readonly port: number }): readonly string[] => ['--address', `127.0.0.1:${port}`];

  it('lists what a database has that was not launched here, in the order of the bytes of its keys', async () => {
    const one = await server();
    await tell(one, [
      ['SET', 'text', 'value'],
      ['HSET', 'a hash', 'field', 'value'],
      ['RPUSH', 'list', 'a', 'b'],
      ['SET', new Uint8Array([0xff, 0x0a, 0x1b]), ''],
      ['SET', '‮gpj', 'value'],
    ]);
    const { exitCode, out, err } = await ssw('keys', ...at(one), '--json');
    assert.deepEqual([exitCode, err], [0, '']);
    const shard = `127.0.0.1:${one.port}`;
    assert.deepEqual(parsed(out), [
      { name: 'a hash', key: btoa('a hash'), kind: 'hash', shard, length: 1 },
      { name: 'list', key: btoa('list'), kind: 'list', shard, length: 2 },
      { name: 'text', key: btoa('text'), kind: 'string', shard, bytes: 5 },
      { name: '\\u{202e}gpj', key: '4oCuZ3Bq', kind: 'string', shard, bytes: 5 },
      { name: '\\xff\\x0a\\x1b', key: '/wob', kind: 'string', shard, bytes: 0 },
    ]);
    assert.equal(
      (await ssw('keys', ...at(one), '--match', '?[ei]*')).out,
      'list  list, 2 elements\ntext  string, 5 bytes\n',
    );
    for (const pattern of ['\\xff*', '[\\xf0-\\xff]\\x0a\\x1b', '\\xff\\x0a\\x1b'])
      assert.equal(
        (await ssw('keys', ...at(one), '--match', pattern, '--names-only')).out,
        '\\xff\\x0a\\x1b\n',
      );
    assert.equal((await ssw('keys', ...at(one), '--match', 'text')).out, 'text  string, 5 bytes\n');
    assert.equal((await ssw('keys', ...at(one), '--type', 'hash', '--names-only')).out, 'a hash\n');
    const names = await ssw('keys', ...at(one), '--type', 'hash', '--names-only', '--json', '--full-speed');
    assert.deepEqual(parsed(names.out), [{ name: 'a hash', key: btoa('a hash'), shard }]);
  });

  it('lists the keys of a launched run by the names of its shards', async () => {
    writeFileSync(
      path.join(work.path, 'e.smartsim.yaml'),
      'version: 1\nexperiment: e\norchestrator: {port: auto, ai: builtin}\n',
    );
    const up = await ssw('up', 'e.smartsim.yaml', '--detach', '--json');
    assert.equal(up.exitCode, 0, up.err);
    try {
      const { runs } = JSON.parse(up.out) as { runs: readonly RunStatus[] };
      await tell(runs[0]!.orchestrators[0]!.shards[0]!, [
        ['AI.TENSORSET', 'field', 'FLOAT', 2, 3, 'VALUES', 1, 2, 3, 4, 5, 6],
        ['AI.TENSORSET', 'number', 'INT64', 1, 'VALUES', 7],
        ['SET', 'text', 'value'],
      ]);
      assert.equal(
        (await ssw('keys', 'e.smartsim.yaml', '--type', 'AI_TENSOR')).out,
        'field   tensor FLOAT 2 × 3, 24 bytes\nnumber  tensor INT64 1, 8 bytes\n',
      );
      const [field] = parsed((await ssw('keys', '--json')).out);
      assert.deepEqual(field, {
        ...{ name: 'field', key: btoa('field'), kind: 'tensor', shard: 'orchestrator_0' },
        ...{ dtype: 'FLOAT', shape: [2, 3], bytes: 24 },
      });
    } finally {
      await ssw('down', 'e.smartsim.yaml', '--force');
    }
  });

  it('lists all shards of a cluster, and says what a shard that is gone has kept from it', async () => {
    const cluster = await DatabaseCluster.start(['--cluster-require-full-coverage', 'no']);
    started.push(cluster);
    const placeOf = (key: string): number => Math.min(2, Math.floor(slotOf(key) / 5461));
    const keys = Array.from({ length: 300 }, (_, number) => `key:${number}`);
    for (const [place, one] of cluster.servers.entries())
      await tell(
        one,
        keys.filter((key) => placeOf(key) === place).map((key) => ['SET', key, 'value']),
      );
    const { out } = await ssw('keys', ...at(cluster.servers[1]!), '--names-only');
    assert.deepEqual(out.trim().split('\n'), [...keys].sort());
    await cluster.servers[0]!.kill();
    const partial = await ssw('keys', ...at(cluster.servers[1]!), '--json');
    assert.equal(partial.exitCode, 1);
    assert.deepEqual(
      parsed(partial.out).map(({ name }) => name),
      keys.filter((key) => placeOf(key) !== 0).sort(),
    );
    assert.match(partial.err, /database-unreachable .*\n.*\npartial: \d+ of \d+ keys\n$/);
  });

  it('writes what it has found when it is interrupted, and that it is not all', async () => {
    const one = await server();
    await tell(
      one,
      Array.from({ length: 20_000 }, (_, number) => ['SET', `key:${number}`, 'value']),
    );
    const begun = new BegunCli(['keys', ...at(one)], options());
    // The names are known by then, and what the keys hold is being asked for.
    await until('the first keys', () => begun.out !== '' || begun.err !== '');
    begun.kill('SIGINT');
    const { exitCode, out, err } = await begun.ended;
    const [, written] = /^partial: (\d+) of 20000 keys\n$/.exec(err) ?? [];
    assert.deepEqual([exitCode, out.trim().split('\n').length], [130, Number(written)]);
  });

  it('takes the password from the environment alone, and a Unix socket for an address', async () => {
    const socket = path.join(work.path, 'db.sock');
    await server(['--requirepass', 'hush', '--unixsocket', socket]);
    const refused = await ssw('keys', '--address', socket);
    assert.equal(refused.exitCode, 1);
    assert.match(refused.err, /database-needs-password/);
    const given = await ssw('keys', '--address', 'redis://:hush@127.0.0.1:1');
    assert.equal(given.exitCode, 2);
    assert.ok(!given.err.includes('hush'));
    assert.equal((await ssw('keys', '--address', 'redis://ada@127.0.0.1:1')).exitCode, 2);
    const { exitCode, err } = await runCli(['keys', '--address', socket], options({ REDISCLI_AUTH: 'hush' }));
    assert.deepEqual([exitCode, err], [0, '']);
  });
});
