import assert from 'node:assert/strict';
import { messageOf } from '../../../src/core/base/problem';
import { Database } from '../../../src/core/database/database';
import { KeyNames } from '../../../src/core/keyspace/names/keyNames';
import { KeyspaceScan } from '../../../src/core/keyspace/scan/keyspaceScan';
import type { ScanClock } from '../../../src/core/keyspace/scan/scanClock';
import { ChangingKeyspace } from '../../support/changingKeyspace';
import { CollectedNames } from '../../support/collectedNames';
import { DatabaseCluster, DatabaseServer } from '../../support/databaseServer';
import { random } from '../../support/random';

const seeds = [1, 2, 3];
const changesOfAScan = 40;

/** Time in which the keyspace changes: whenever the scan waits, and as fast as the seed says. */
function changingClock(keyspace: ChangingKeyspace, chance: () => number): ScanClock {
  let now = 0;
  let changes = 0;
  let turn = Promise.resolve();
  return {
    now: () => (now += chance() * 4),
    sleep(ms) {
      now += ms;
      turn = turn.then(async () => {
        changes += 1;
        if (changes <= changesOfAScan) await keyspace.change();
      });
      return turn;
    },
  };
}

describe('the scan of a keyspace that changes', function () {
  this.timeout(120_000);
  let stop: () => Promise<void>;
  let ports: readonly { readonly port: number }[];
  afterEach(() => stop());

  const kinds = {
    async server() {
      // The table is grown and shrunk step by step.
      const server = await DatabaseServer.start(['--activerehashing', 'no']);
      ports = [server];
      stop = () => server.stop();
    },
    async cluster() {
      const cluster = await DatabaseCluster.start();
      ports = cluster.servers;
      stop = () => cluster.stop();
    },
  };

  for (const [kind, start] of Object.entries(kinds)) {
    it(`brings every key of a ${kind} that was there throughout, once (seeds ${seeds.join(', ')})`, async () => {
      await start();
      let keyspace: ChangingKeyspace | undefined;
      for (const seed of seeds) {
        const chance = random(seed);
        keyspace ??= await ChangingKeyspace.of(ports, chance);
        const endpoints = [{ kind: 'tcp', host: '127.0.0.1', port: ports[0]!.port }] as const;
        const opened = await Database.open(
          { id: 'db', name: 'db', endpoints, own: false },
          { limitMs: 10_000 },
        );
        assert.ok(opened.ok, opened.problems.map(messageOf).join());
        try {
          await keyspace.add(2000);
          keyspace.watch();
          const clock = changingClock(keyspace, chance);
          const found = await namesOf(opened.value, clock);
          const missing = [...keyspace.throughout].filter((key) => !found.has(key));
          assert.deepEqual(
            missing,
            [],
            `seed ${seed}: ${missing.length} of ${keyspace.throughout.size} are missing`,
          );
          assert.deepEqual(
            [...found].filter((key) => !keyspace!.ever.has(key)),
            [],
          );
          // Nothing changes any more.
          const quiet = await namesOf(opened.value, { ...clock, sleep: () => Promise.resolve() });
          assert.deepEqual([...quiet].sort(), [...keyspace.live].sort());
        } finally {
          opened.value.dispose();
        }
      }
      keyspace?.close();
    });
  }

  /** What a scan finds; each once in KeyNames. The shards have told at the end how many keys they have. */
  async function namesOf(database: Database, clock: ScanClock): Promise<ReadonlySet<string>> {
    const names = new KeyNames();
    const collected = new CollectedNames();
    const scan = new KeyspaceScan(
      database,
      {
        add(source, from, to) {
          names.add(source, from, to);
          collected.add(source, from, to);
        },
      },
      { pace: 'kind', clock },
    );
    const { state, shards } = await scan.run();
    assert.equal(state, 'complete');
    names.settle();
    const sorted = Array.from({ length: names.count }, (_, place) =>
      Buffer.from(names.nameAt(place)).toString('latin1'),
    );
    assert.deepEqual(sorted, collected.sorted);
    const sizes = await Promise.all(
      database.shards.map(async (shard) => (await database.connection(shard)).ask('DBSIZE')),
    );
    assert.deepEqual(
      shards.map(({ expected }) => expected),
      sizes,
    );
    return new Set(collected.times.keys());
  }
});
