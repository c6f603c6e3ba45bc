import assert from 'node:assert/strict';
import { utf8 } from '../../../src/core/base/bytes';
import { messageOf } from '../../../src/core/base/problem';
import { DatabaseInspector } from '../../../src/core/inspection/databaseInspector';
import type { NamesProgress, StateOfDatabase } from '../../../src/core/inspection/inspector';
import { displayKey } from '../../../src/core/redis/displayKey';
import { DatabaseCluster, type DatabaseServer } from '../../support/databaseServer';
import { MovingSlot } from '../../support/movingSlot';
import { ReplyError, RespClient } from '../../support/respClient';
import { slotOf } from '../../support/slotOf';
import { until } from '../../support/startedRun';

const id = 'changing';
/** On the first, second and third shard, 500 keys each: more than some pages. */
const tags = ['b', 'c', 'a'];
const each = 500;
const keysOf = (tag: string): readonly string[] =>
  Array.from({ length: each }, (_, number) => `{${tag}}${number}`);
const all = tags.flatMap(keysOf);

describe('a cluster that loses and gets shards, in the window', function () {
  this.timeout(120_000);
  let cluster: DatabaseCluster;
  let inspector: DatabaseInspector;
  let progress: NamesProgress | undefined;
  let state: StateOfDatabase['state'] | undefined;

  async function open(args: readonly string[] = []): Promise<void> {
    cluster = await DatabaseCluster.start(args);
    for (const [place, tag] of tags.entries()) {
      assert.equal(Math.floor(slotOf(tag) / 5461), place);
      const client = await RespClient.connect(cluster.servers[place]!.port);
      const replies = await Promise.all(keysOf(tag).map((key) => client.send('SET', key, `value of ${key}`)));
      client.close();
      assert.ok(replies.every((reply) => reply === 'OK'));
    }
    inspector = new DatabaseInspector();
    progress = state = undefined;
    inspector.onDidProgress((news) => (progress = news));
    inspector.onDidChangeState((news) => ({ state } = news));
    const endpoints = [{ kind: 'tcp', host: '127.0.0.1', port: cluster.servers[1]!.port }] as const;
    const opened = await inspector.open({ id, name: 'db', endpoints, own: true });
    assert.ok(opened.ok, opened.problems.map(messageOf).join());
    await inspector.watch(id, true);
  }
  afterEach(async () => {
    inspector.dispose();
    await cluster.stop();
  });

  /** All names that are known, of all pages. */
  async function names(): Promise<{ readonly names: readonly string[]; readonly complete: boolean }> {
    const folder = { kind: 'root' } as const;
    const found: string[] = [];
    let after: Uint8Array | undefined;
    for (;;) {
      const page = await inspector.rows(id, folder, {
        from: 0,
        most: 1000,
        ...(after === undefined ? {} : { after }),
      });
      found.push(...page.rows.map(({ label }) => displayKey(label)));
      if (page.next === undefined) return { names: found.sort(), complete: page.complete };
      after = page.next;
    }
  }

  async function valueOf(key: string): Promise<string> {
    const value = await inspector.value(id, utf8(key), {});
    return value.ok ? value.value.text : value.problems.map(({ code }) => code).join();
  }

  const shardOf = (server: DatabaseServer): NamesProgress['shards'][number] | undefined =>
    progress?.shards.find(({ shard }) => shard.endsWith(`:${server.port}`));

  /** A scan at the kind pace that has some names of the shard, and not all. */
  async function scanUntilUnderWay(server: DatabaseServer): Promise<void> {
    await inspector.scan(id, { pace: 'kind' });
    await inspector.pause(id);
    await inspector.resume(id);
    await until('some names', () => {
      const seen = shardOf(server)?.seen ?? 0;
      return seen > 0 && seen < each;
    });
    await inspector.pause(id);
  }

  it('goes on with the replica that takes the place of a shard in the middle of a scan', async () => {
    await open();
    const [lost] = cluster.servers as [DatabaseServer];
    const replica = await cluster.addReplica(lost);
    await scanUntilUnderWay(lost);
    await lost.kill();
    await inspector.resume(id);
    await until('stale', () => state?.kind === 'stale');
    await until('all names', () => progress?.state === 'complete');
    assert.deepEqual(await names(), { names: [...all].sort(), complete: true });
    assert.ok(shardOf(replica) !== undefined && shardOf(lost) === undefined);
    await until('live', () => state?.kind === 'live');
    const [first = ''] = keysOf('b');
    assert.match(await valueOf(first), new RegExp(`value of ${first}`));
    const details = await inspector.details(id, keysOf('b').map(utf8));
    assert.ok(details.every(({ kind }) => kind === 'string'));
  });

  it('shows a value that the replica has, though nobody watches', async () => {
    await open();
    const [lost] = cluster.servers as [DatabaseServer];
    const replica = await cluster.addReplica(lost);
    await inspector.watch(id, false);
    const [first = ''] = keysOf('b');
    assert.match(await valueOf(first), /value of/);
    await lost.kill();
    await until('the others know', async () => {
      const reply = await cluster.servers[1]!.send('GET', first);
      return reply instanceof ReplyError && reply.message.endsWith(`:${replica.port}`);
    });
    assert.match(await valueOf(first), /value of/);
  });

  for (const coverage of ['yes', 'no'])
    it(`is shown as a part, and as stale, when a shard is gone (full coverage: ${coverage}), and whole when it is back`, async () => {
      // What it has is on its disk when it is killed.
      const kept = ['--appendonly', 'yes', '--appendfsync', 'always'];
      await open(['--cluster-require-full-coverage', coverage, ...kept]);
      const [lost, ...rest] = cluster.servers as [DatabaseServer, ...DatabaseServer[]];
      await scanUntilUnderWay(lost);
      await lost.kill();
      await inspector.resume(id);
      await until('the rest', () => rest.every((server) => shardOf(server)?.state === 'complete'));
      await until('interrupted', () => shardOf(lost)?.state === 'interrupted');
      assert.equal(progress?.state, 'scanning');
      assert.ok(['database-unreachable', 'database-lost'].includes(shardOf(lost)?.problem?.code ?? ''));
      const found = await names();
      assert.equal(found.complete, false);
      for (const tag of ['c', 'a']) for (const key of keysOf(tag)) assert.ok(found.names.includes(key), key);
      await until('stale', () => state?.kind === 'stale');
      assert.deepEqual(state?.kind === 'stale' && state.shards, [`127.0.0.1:${lost.port}`]);
      const [gone = ''] = keysOf('b');
      // The others see that it is gone after their own time.
      await until('said', async () =>
        Buffer.from((await rest[0]!.send('CLUSTER', 'NODES')) as Uint8Array)
          .toString()
          .includes('master,fail '),
      );
      assert.equal(await valueOf(gone), 'value-refused');
      const [details, ...others] = await inspector.details(id, [gone, '{c}0', '{a}0'].map(utf8));
      assert.equal(details?.kind, 'unknown');
      assert.ok((details.refusal ?? '') !== '');
      if (coverage === 'no') {
        assert.match(await valueOf('{c}0'), /value of \{c\}0/);
        assert.deepEqual(
          others.map(({ kind }) => kind),
          ['string', 'string'],
        );
      } else assert.ok(others.every(({ refusal = '' }) => refusal.startsWith('CLUSTERDOWN')));
      await lost.launch();
      await cluster.untilOk(3);
      await until('live', () => state?.kind === 'live');
      await until('all names', () => progress?.state === 'complete');
      assert.equal(await lost.send('DBSIZE'), each);
      assert.deepEqual(await names(), { names: [...all].sort(), complete: true });
      assert.match(await valueOf(gone), new RegExp(`value of ${gone}`));
    });

  it('follows a slot to a shard that has joined later, also in the middle of a scan', async () => {
    await open();
    const [from] = cluster.servers as [DatabaseServer];
    await scanUntilUnderWay(cluster.servers[2]!);
    const joined = await cluster.addShard();
    const moving = new MovingSlot(slotOf('b'), from, joined);
    await moving.begin();
    await moving.move(keysOf('b'));
    await moving.end(cluster.servers);
    await inspector.resume(id);
    await until('all names', () => progress?.state === 'complete');
    assert.deepEqual(await names(), { names: [...all].sort(), complete: true });
    assert.equal(shardOf(joined)?.seen, each);
    const [first = ''] = keysOf('b');
    assert.match(await valueOf(first), new RegExp(`value of ${first}`));
    const planned = await inspector.planDeletion(id, {
      task: 't',
      name: 'b',
      keys: keysOf('b').map(utf8),
      folders: [],
    });
    assert.ok(planned.ok && planned.value !== undefined);
    assert.deepEqual(
      planned.value.shards.map(({ shard, keys }) => [shard, keys]),
      [[`127.0.0.1:${joined.port}`, each]],
    );
  });
});
