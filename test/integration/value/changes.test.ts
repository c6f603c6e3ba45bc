import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { engineFile } from '../../../scripts/engine.mjs';
import { utf8 } from '../../../src/core/base/bytes';
import { messageOf, type Problem } from '../../../src/core/base/problem';
import type { Result } from '../../../src/core/base/result';
import type { Database } from '../../../src/core/database/database';
import { deleteKeys, type DeletionOutcome } from '../../../src/core/value/change/deleteKeys';
import { planDeletion } from '../../../src/core/value/change/planDeletion';
import { renameDataset, renameKey } from '../../../src/core/value/change/renameKeys';
import { setExpiry } from '../../../src/core/value/change/setExpiry';
import { DatabaseCluster, DatabaseServer } from '../../support/databaseServer';
import { lookedInto } from '../../support/lookedInto';
import { plain } from '../../support/tensors';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const { signal } = new AbortController();

function valueOf<T>(result: Result<T>): T {
  assert.ok(result.ok, result.problems.map(messageOf).join());
  return result.value;
}
function problemOf(result: Result<unknown>): Problem {
  assert.ok(!result.ok, 'it was done');
  return result.problems[0]!;
}

describe('changes of keys', function () {
  this.timeout(60_000);
  let work: WorkDirectory;
  let server: DatabaseServer;
  let database: Database;

  beforeEach(async () => {
    work = workDirectory();
    server = await DatabaseServer.start(['--loadmodule', engineFile]);
    database = await lookedInto([server.port]);
  });
  afterEach(async () => {
    database.dispose();
    await server.stop();
    work.remove();
  });

  const send = async (...words: Parameters<DatabaseServer['send']>): Promise<unknown> =>
    plain(await server.send(...words));
  const journal = (): string => path.join(work.path, 'journal');
  const entries = (): Record<string, unknown>[] =>
    readFileSync(path.join(journal(), 'deletions.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  async function fillDataset(): Promise<void> {
    await send('HSET', 'p.{d}.meta', 'n', 'x', '.COMPLETE', 1);
    for (const name of ['t', 'u']) await send('AI.TENSORSET', `p.{d}.${name}`, 'INT8', 1, 'VALUES', 7);
  }
  const partsOf = (prefix: string): Uint8Array[] => ['meta', 't', 'u'].map((name) => utf8(prefix + name));

  it('rename any key, never onto another', async () => {
    await send('SET', every, 'x');
    await send('SET', 'taken', 'y');
    valueOf(await renameKey(database, every, Uint8Array.of(0xff, 0x0a)));
    assert.equal(await send('GET', Uint8Array.of(0xff, 0x0a)), 'x');
    assert.equal(await send('EXISTS', every), 0);
    assert.equal(
      problemOf(await renameKey(database, Uint8Array.of(0xff, 0x0a), utf8('taken'))).code,
      'rename-onto-key',
    );
    assert.equal(await send('GET', 'taken'), 'y');
    assert.equal(problemOf(await renameKey(database, utf8('nowhere'), utf8('z'))).code, 'value-gone');
  });

  it('rename a dataset with all of its parts, or nothing of it', async () => {
    await fillDataset();
    assert.equal(valueOf(await renameDataset(database, utf8('p.{d}.'), utf8('{e}.'), partsOf('p.{d}.'))), 3);
    assert.equal(await send('EXISTS', ...partsOf('p.{d}.')), 0);
    assert.deepEqual(await send('AI.TENSORGET', '{e}.u', 'VALUES'), [7]);
    await send('SET', '{f}.u', 'in the way');
    const taken = problemOf(await renameDataset(database, utf8('{e}.'), utf8('{f}.'), partsOf('{e}.')));
    assert.match(messageOf(taken), /there is a key \{f\}\.u already/);
    assert.equal(await send('EXISTS', ...partsOf('{e}.')), 3);
    assert.equal(await send('EXISTS', ...partsOf('{f}.')), 1);
    const nothing = problemOf(await renameDataset(database, utf8('{x}.'), utf8('{y}.'), partsOf('{x}.')));
    assert.equal(nothing.code, 'value-gone');
  });

  it('rename tensors of a dataset that nobody has named but its metadata', async () => {
    await fillDataset();
    await send('HSET', 'p.{d}.meta', '.tensor_names', Uint8Array.of(7, 1, 0, 0, 0, 0, 0, 0, 0, 0x75));
    assert.equal(valueOf(await renameDataset(database, utf8('p.{d}.'), utf8('{e}.'), [])), 2);
    assert.equal(await send('EXISTS', '{e}.meta', '{e}.u', 'p.{d}.t'), 3);
  });

  it('set and take away an expiry', async () => {
    await send('SET', every, 'x');
    assert.equal(valueOf(await setExpiry(database, [every, utf8('nowhere')], 60_000)), 1);
    const left = await send('PTTL', every);
    assert.ok(typeof left === 'number' && left > 50_000 && left <= 60_000);
    assert.equal(valueOf(await setExpiry(database, [every], null)), 1);
    assert.equal(valueOf(await setExpiry(database, [every, utf8('nowhere')], null)), 1);
    assert.equal(await send('PTTL', every), -1);
  });

  async function fillFolder(count: number): Promise<Uint8Array[]> {
    const keys = Array.from({ length: count }, (_, number) => utf8(`f:${number}`));
    const values = keys.flatMap((key) => [key, 'twelve bytes']);
    await send('MSET', ...values);
    return keys;
  }

  it('delete nothing in a dry run, and tell what would go', async () => {
    const keys = [...(await fillFolder(1000)), every];
    await send('RPUSH', every, 'x');
    const plan = await planDeletion(database, 'f:', keys);
    assert.equal(await send('DBSIZE'), 1001);
    const [shard] = plan.shards;
    assert.equal(plan.shards.length, 1);
    assert.equal(shard!.keys.length, 1001);
    assert.equal(shard!.looked, 200);
    assert.equal(shard!.bytes, 12_012);
    assert.deepEqual([plan.sample.length, plan.sample[0]!.kind, plan.sample[0]!.bytes], [10, 'string', 12]);
  });

  it('delete exactly what was planned, in batches, and write down what they do', async () => {
    const keys = await fillFolder(1200);
    const plan = await planDeletion(database, 'f:', keys);
    await send('SET', 'f:0', 'written again');
    await send('SET', 'f:new', 'came later');
    await send('DEL', 'f:1');
    const seen: DeletionOutcome[] = [];
    const outcome = valueOf(
      await deleteKeys(database, plan, { journal: journal(), signal, onProgress: (one) => seen.push(one) }),
    );
    assert.deepEqual(outcome, { removed: 1199, alreadyGone: 1, left: 0, cancelled: false });
    assert.deepEqual(
      seen.map(({ left }) => left),
      [700, 200, 0],
    );
    assert.deepEqual(await send('KEYS', '*'), ['f:new']);
    assert.deepEqual(
      entries().map(({ step, keys: count, removed }) => [step, count, removed]),
      [
        ['begin', 1200, undefined],
        ...[500, 500, 200].flatMap((count, at) => [
          ['before', count, undefined],
          ['after', count, at === 0 ? 499 : count],
        ]),
        ['end', 1200, 1199],
      ],
    );
    const [first] = entries();
    assert.deepEqual([first!['database'], first!['command'], first!['folder']], ['test', 'UNLINK', 'f:']);
    assert.ok(!Number.isNaN(Date.parse(String(first!['at']))));
    assert.equal(statSync(path.join(journal(), 'deletions.jsonl')).mode & 0o777, 0o600);
    assert.equal(statSync(journal()).mode & 0o777, 0o700);
    await deleteKeys(database, await planDeletion(database, 'f:new', [utf8('f:new')]), {
      journal: journal(),
      signal,
    });
    assert.equal(entries().length, 12);
    assert.doesNotMatch(readFileSync(path.join(journal(), 'deletions.jsonl'), 'utf8'), /twelve|written|came/);
  });

  it('stop deleting when they are told to, and say what is left', async () => {
    const plan = await planDeletion(database, 'f:', await fillFolder(2000));
    const stop = new AbortController();
    const outcome = valueOf(
      await deleteKeys(database, plan, {
        journal: journal(),
        signal: stop.signal,
        onProgress: () => {
          stop.abort();
        },
      }),
    );
    assert.deepEqual(outcome, { removed: 500, alreadyGone: 0, left: 1500, cancelled: true });
    assert.equal(await send('DBSIZE'), 1500);
    assert.deepEqual(entries().at(-1)!['step'], 'end');
  });

  it('delete nothing that cannot be written down', async () => {
    const plan = await planDeletion(database, 'f:', await fillFolder(3));
    const found = problemOf(await deleteKeys(database, plan, { journal: '/proc/nowhere/journal', signal }));
    assert.equal(found.code, 'journal-not-written');
    assert.equal(await send('DBSIZE'), 3);
  });

  it('change nothing of a database that is locked', async () => {
    await fillDataset();
    const foreign = await lookedInto([server.port], { own: false });
    try {
      const plan = await planDeletion(foreign, 'p.{d}.', partsOf('p.{d}.'));
      for (const found of [
        await renameKey(foreign, utf8('p.{d}.t'), utf8('x')),
        await renameDataset(foreign, utf8('p.{d}.'), utf8('{e}.'), partsOf('p.{d}.')),
        await setExpiry(foreign, partsOf('p.{d}.'), 1),
        await deleteKeys(foreign, plan, { journal: journal(), signal }),
      ])
        assert.equal(problemOf(found).code, 'database-locked');
      assert.equal(await send('EXISTS', ...partsOf('p.{d}.')), 3);
      foreign.unlock();
      assert.equal(valueOf(await deleteKeys(foreign, plan, { journal: journal(), signal })).removed, 3);
    } finally {
      foreign.dispose();
    }
  });

  for (const [command, act] of [
    ['renamenx', (guest) => renameKey(guest, utf8('p.{d}.t'), utf8('x'))],
    ['eval', (guest) => renameDataset(guest, utf8('p.{d}.'), utf8('{e}.'), partsOf('p.{d}.'))],
    ['pexpire', (guest) => setExpiry(guest, partsOf('p.{d}.'), 1000)],
    ['persist', (guest) => setExpiry(guest, partsOf('p.{d}.'), null)],
    [
      'unlink',
      async (guest) =>
        deleteKeys(guest, await planDeletion(guest, 'x', partsOf('p.{d}.')), { journal: journal(), signal }),
    ],
  ] as const satisfies readonly (readonly [string, (guest: Database) => Promise<Result<unknown>>])[])
    it(`name the right that is missing: ${command}`, async () => {
      await fillDataset();
      await send('ACL', 'SETUSER', 'guest', 'on', '>secret', '~*', '+@all', `-${command}`);
      const guest = await lookedInto([server.port], { user: 'guest', secret: 'secret' });
      try {
        const found = problemOf(await act(guest));
        assert.equal(found.code, 'value-right-missing');
        assert.ok(messageOf(found).includes(command.toUpperCase()), messageOf(found));
        assert.equal(await send('EXISTS', ...partsOf('p.{d}.')), 3);
      } finally {
        guest.dispose();
      }
    });
});

describe('changes of keys in a cluster', function () {
  this.timeout(60_000);
  let work: WorkDirectory;
  let cluster: DatabaseCluster;
  let database: Database;

  beforeEach(async () => {
    work = workDirectory();
    cluster = await DatabaseCluster.start();
    database = await lookedInto([cluster.servers[1]!.port]);
  });
  afterEach(async () => {
    database.dispose();
    await cluster.stop();
    work.remove();
  });

  it('delete over all shards, and tell of each what would go', async () => {
    const keys = Array.from({ length: 1500 }, (_, number) => utf8(`f:${number}`));
    for (const answer of await database.askOwners(
      keys.map((key) => ({ key, words: ['SET', key, 'ten bytes!'] })),
    ))
      assert.equal(answer, 'OK');
    const plan = await planDeletion(database, 'f:', keys);
    assert.equal(plan.shards.length, 3);
    for (const { keys: mine, bytes } of plan.shards) assert.equal(bytes, mine.length * 10);
    const outcome = valueOf(await deleteKeys(database, plan, { journal: work.path, signal }));
    assert.deepEqual(outcome, { removed: 1500, alreadyGone: 0, left: 0, cancelled: false });
    for (const server of cluster.servers) assert.equal(await server.send('DBSIZE'), 0);
  });

  it('rename within a slot, and refuse with the reason beyond it', async () => {
    const { port } = cluster.servers[0]!;
    assert.ok(port > 0);
    const set = await database.askOwner(utf8('{s}.a'), 'SET', '{s}.a', 'x');
    assert.equal(set, 'OK');
    valueOf(await renameKey(database, utf8('{s}.a'), utf8('{s}.b')));
    const found = problemOf(await renameKey(database, utf8('{s}.b'), utf8('{t}.b')));
    assert.equal(found.code, 'rename-other-slot');
    const dataset = problemOf(await renameDataset(database, utf8('{s}.'), utf8('{t}.'), [utf8('{s}.b')]));
    assert.equal(dataset.code, 'rename-other-slot');
    assert.equal(valueOf(await renameDataset(database, utf8('{s}.'), utf8('p.{s}.'), [utf8('{s}.b')])), 1);
    assert.deepEqual(await database.askOwner(utf8('p.{s}.b'), 'GET', 'p.{s}.b'), utf8('x'));
  });

  it('delete on the other shards when one does not answer, and tell it', async () => {
    const keys = Array.from({ length: 300 }, (_, number) => utf8(`f:${number}`));
    await database.askOwners(keys.map((key) => ({ key, words: ['SET', key, 'x'] })));
    const plan = await planDeletion(database, 'f:', keys);
    await cluster.servers[0]!.kill();
    const done = await deleteKeys(database, plan, { journal: work.path, signal });
    const outcome = valueOf(done);
    assert.ok(done.problems.length > 0);
    const lost = plan.shards.find(({ shard }) => shard.endsWith(`:${cluster.servers[0]!.port}`))!.keys.length;
    assert.deepEqual([outcome.left, outcome.removed], [lost, 300 - lost]);
  });
});
