import assert from 'node:assert/strict';
import { messageOf } from '../../../src/core/base/problem';
import { Database } from '../../../src/core/database/database';
import { KeyspaceScan } from '../../../src/core/keyspace/scan/keyspaceScan';
import type { ShardProgress } from '../../../src/core/keyspace/scan/shardScan';
import { CollectedNames } from '../../support/collectedNames';
import { DatabaseCluster, type DatabaseServer } from '../../support/databaseServer';
import { MovingSlot } from '../../support/movingSlot';
import { RespClient } from '../../support/respClient';
import { slotOf } from '../../support/slotOf';

/** On the first shard, as `{f}` is. */
const slot = slotOf('b');

/** The second of three shards has no keys, the first has many, of which a slot moves. */
describe('the scan of a cluster whose slots move', function () {
  this.timeout(60_000);
  let cluster: DatabaseCluster;
  let database: Database;
  let from: DatabaseServer;
  let to: DatabaseServer;
  const moving = Array.from({ length: 500 }, (_, number) => `{b}${number}`);
  const staying = Array.from({ length: 1500 }, (_, number) => `{f}${number}`);

  beforeEach(async () => {
    cluster = await DatabaseCluster.start();
    [from, to] = [cluster.servers[0]!, cluster.servers[1]!];
    await set(from, [...moving, ...staying]);
    const opened = await Database.open(
      {
        id: 'db',
        name: 'db',
        endpoints: cluster.servers.map(({ port }) => ({ kind: 'tcp', host: '127.0.0.1', port })),
        own: false,
      },
      { limitMs: 5000 },
    );
    assert.ok(opened.ok, opened.problems.map(messageOf).join());
    database = opened.value;
  });
  afterEach(async () => {
    database.dispose();
    await cluster.stop();
  });

  /** Scans, and acts once when each of the states has come. The server seems slower with each page, so pages become small. */
  async function scanWith(steps: readonly Step[]): Promise<CollectedNames> {
    const left = [...steps];
    const names = new CollectedNames();
    let step = 0;
    let now = 0;
    let turn: Promise<unknown> = Promise.resolve();
    const scan = new KeyspaceScan(database, names, {
      pace: 'kind',
      clock: {
        now: () => (now += Math.min(100, step++)),
        sleep(ms) {
          now += ms + 1;
          turn = turn.then(async () => {
            const [step] = left;
            if (step?.[0]((server) => shardOf(scan, server)) !== true) return;
            left.shift();
            await step[1]();
          });
          return turn as Promise<void>;
        },
      },
    });
    const { state } = await scan.run();
    assert.deepEqual([state, left.length], ['complete', 0]);
    return names;
  }

  const isUnderWay = (of: ShardOf): boolean =>
    of(to)?.state === 'complete' && of(from)?.state === 'scanning' && (of(from)?.seen ?? 0) > 50;

  it('finds keys that have gone to a shard that was scanned, though the slot is left half way', async () => {
    const names = await scanWith([[isUnderWay, () => move(from, to)]]);
    assert.deepEqual(missing(names), []);
  });

  it('finds keys that were away for a while', async () => {
    const names = await scanWith([
      [
        isUnderWay,
        async () => {
          await move(from, to);
          await give(to);
        },
      ],
      [
        (of) => (of(from)?.seen ?? 0) > 1000,
        async () => {
          await move(to, from);
          await give(from);
        },
      ],
    ]);
    assert.deepEqual(missing(names), []);
  });

  it('goes on with the replica that takes the place of a shard', async () => {
    await cluster.addReplica(from);
    const names = await scanWith([[isUnderWay, () => from.kill()]]);
    assert.deepEqual(missing(names), []);
  });

  const missing = (names: CollectedNames): readonly string[] =>
    [...moving, ...staying].filter((key) => !names.times.has(key));

  async function move(source: DatabaseServer, target: DatabaseServer): Promise<void> {
    const moved = new MovingSlot(slot, source, target);
    await moved.begin();
    await moved.move(moving);
  }

  const give = (owner: DatabaseServer): Promise<void> =>
    new MovingSlot(slot, owner, owner).end(cluster.servers);
});

/** What is to be true, and what is done then. */
type Step = readonly [when: (of: ShardOf) => boolean, act: () => Promise<unknown>];
type ShardOf = (server: DatabaseServer) => ShardProgress | undefined;

function shardOf(scan: KeyspaceScan, { port }: DatabaseServer): ShardProgress | undefined {
  return scan.progress.shards.find(({ shard }) => shard.endsWith(`:${port}`));
}

async function set({ port }: DatabaseServer, keys: readonly string[]): Promise<void> {
  const client = await RespClient.connect(port);
  const replies = await Promise.all(keys.map((key) => client.send('SET', key, 'value')));
  client.close();
  assert.ok(replies.every((reply) => reply === 'OK'));
}
