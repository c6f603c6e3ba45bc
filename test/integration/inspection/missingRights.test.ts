import assert from 'node:assert/strict';
import { utf8 } from '../../../src/core/base/bytes';
import { messageOf } from '../../../src/core/base/problem';
import type { Result } from '../../../src/core/base/result';
import { DatabaseInspector } from '../../../src/core/inspection/databaseInspector';
import type { NamesProgress } from '../../../src/core/inspection/inspector';
import type { KeyDetails } from '../../../src/core/value/details/keyDetails';
import { guardedCluster, guardedServer, type GuardedServers } from '../../support/guardedServers';
import { until } from '../../support/startedRun';
import { temporaryFolder } from '../../support/temporaryFolder';

const id = 'guarded';
const names = [
  ...['ocean.{surface}.meta', 'ocean.velocity_1', 'scalar', 'ocean.snapshots', 'settings.json'],
  ...['settings.limits', 'settings.tags', 'settings.scores', 'settings.log', 'session'],
];

/** What somebody sees who goes through all that there is, and what was missing. */
interface Sight {
  readonly scan: string;
  readonly names: readonly string[];
  readonly details: readonly KeyDetails[];
  readonly values: readonly string[];
  readonly missing: ReadonlySet<string>;
  readonly deletion: string;
}

/** What may be another than with all rights, where one right is missing. Names of keys; of values `!` stands before those that are not shown at all. */
const effects: Readonly<
  Record<string, { readonly details?: readonly string[]; readonly values?: readonly string[] }>
> = {
  ping: {},
  info: {},
  dbsize: {},
  'cluster|slots': {},
  type: { details: names },
  pttl: { details: names },
  strlen: { details: ['settings.json', 'session'], values: ['settings.json', 'session'] },
  hlen: {
    details: ['ocean.{surface}.meta', 'settings.limits'],
    values: ['ocean.{surface}.meta', 'settings.limits'],
  },
  hexists: { details: ['ocean.{surface}.meta', 'settings.limits'], values: ['ocean.{surface}.meta'] },
  llen: { details: ['ocean.snapshots'], values: ['ocean.snapshots'] },
  lindex: { details: ['ocean.snapshots'], values: ['ocean.snapshots'] },
  scard: { details: ['settings.tags'], values: ['settings.tags'] },
  zcard: { details: ['settings.scores'], values: ['settings.scores'] },
  xlen: { details: ['settings.log'], values: ['settings.log'] },
  'memory|usage': { details: ['ocean.snapshots'], values: ['ocean.snapshots'] },
  'ai.tensorget': {
    details: ['ocean.velocity_1', 'scalar'],
    values: ['!ocean.velocity_1', '!scalar', 'ocean.{surface}.meta'],
  },
  'tensor.version': { values: ['ocean.velocity_1', 'scalar'] },
  'tensor.slice': { values: ['ocean.velocity_1', 'scalar'] },
  'tensor.statistics': { values: ['ocean.velocity_1', 'scalar'] },
  multi: {},
  exec: {},
  getrange: { values: ['!settings.json', '!session'] },
  hscan: { values: ['!ocean.{surface}.meta', '!settings.limits'] },
  hget: { values: ['ocean.{surface}.meta'] },
  hstrlen: { values: ['ocean.{surface}.meta'] },
  lrange: { values: ['!ocean.snapshots'] },
  sscan: { values: ['!settings.tags'] },
  zrange: { values: ['!settings.scores'] },
  xrange: { values: ['!settings.log'] },
};

/** The same of a cluster of which a slot is half way: what the dataset holds is on both sides. */
const effectsInClusters: typeof effects = {
  ...Object.fromEntries(Object.entries(effects).filter(([command]) => command !== 'cluster|slots')),
  'cluster|nodes': {},
  'cluster|countkeysinslot': {},
  asking: { details: ['ocean.{surface}.meta'], values: ['!ocean.{surface}.meta'] },
};

/** Rights without which nothing of what is shown is another: what they tell is told by others as well, or shows nowhere. */
const silent = new Set([
  ...['ping', 'info', 'dbsize', 'cluster|slots', 'cluster|nodes', 'cluster|countkeysinslot', 'multi', 'exec'],
]);

for (const [what, start, effectsHere] of [
  ['a database', guardedServer, effects],
  ['a cluster', guardedCluster, effectsInClusters],
] as const)
  describe(`${what} whose user lacks one right`, function () {
    this.timeout(60_000);
    const folder = temporaryFolder();
    let servers: GuardedServers;
    let whole: Sight;

    before(async () => {
      servers = await start();
    });
    after(() => servers.stop());
    beforeEach(async () => {
      whole = await lookedAt('+@all');
      assert.deepEqual([whole.scan, [...whole.missing], whole.deletion], ['complete', [], '1']);
    });

    const letGuest = (...rights: readonly string[]): Promise<unknown> =>
      servers.sendAll('ACL', 'SETUSER', 'guest', 'reset', 'on', '>secret', '~*', ...rights);

    const open = (inspector: DatabaseInspector): Promise<Result<unknown>> => {
      const [port = 0] = servers.ports;
      const endpoints = [{ kind: 'tcp', host: '127.0.0.1', port }] as const;
      return inspector.open({ id, name: 'db', endpoints, own: true, user: 'guest' }, 'secret');
    };

    async function lookedAt(...rights: readonly string[]): Promise<Sight> {
      await letGuest(...rights);
      await servers.send('SET', 'to delete', '1');
      const inspector = new DatabaseInspector();
      try {
        const opened = await open(inspector);
        assert.ok(opened.ok, opened.problems.map(messageOf).join());
        let progress: NamesProgress | undefined;
        inspector.onDidProgress((news) => (progress = news));
        await inspector.scan(id, { pace: 'full' });
        await until('the end of the scan', () => ['complete', 'failed'].includes(progress?.state ?? ''));
        const page = await inspector.rows(id, { kind: 'root' }, { from: 0, most: 200 });
        const details = await inspector.details(id, names.map(utf8));
        const missing = new Set(details.flatMap((one) => [...one.missing]));
        const values: string[] = [];
        for (const name of names) {
          const value = await inspector.value(id, utf8(name), {});
          if (value.ok) for (const right of value.value.missing) missing.add(right);
          else for (const one of value.problems) missing.add(`! ${messageOf(one)}`);
          values.push(value.ok ? value.value.text : `! ${value.problems.map(messageOf).join()}`);
        }
        const planned = await inspector.planDeletion(id, {
          task: 't',
          name: 'x',
          keys: [utf8('to delete')],
          folders: [],
        });
        assert.ok(planned.ok);
        const deleted = await inspector.delete(id, 't', folder.path);
        return {
          scan: progress?.state ?? '',
          names: page.rows.map((row) => Buffer.from(row.label).toString('latin1')),
          ...{ details, values, missing },
          deletion: deleted.ok ? String(deleted.value.removed) : deleted.problems.map(messageOf).join(),
        };
      } finally {
        inspector.dispose();
      }
    }

    /** Without when exactly it expires. */
    const shownDetails = ({ details }: Sight, at: number): object => {
      const one = details[at];
      return { ...one, missing: [], expiresAt: one?.expiresAt === null || typeof one?.expiresAt };
    };

    for (const [command, { details = [], values = [] }] of Object.entries(effectsHere))
      it(`${command}: shows everything else, and names it`, async () => {
        const sight = await lookedAt('+@all', `-${command}`);
        assert.deepEqual([sight.scan, sight.names, sight.deletion], ['complete', whole.names, '1']);
        for (const [at, name] of names.entries()) {
          if (!details.includes(name))
            assert.deepEqual(shownDetails(sight, at), shownDetails(whole, at), name);
          const hidden = values.includes(`!${name}`);
          assert.equal(sight.values[at]?.startsWith('! '), hidden, sight.values[at]);
          if (!hidden && !values.includes(name)) assert.equal(sight.values[at], whole.values[at], name);
        }
        const right = command.toUpperCase().replace('|', ' ');
        if (!silent.has(command))
          assert.ok(
            [...sight.missing].some((one) => one.includes(right)),
            [...sight.missing].join(),
          );
      });

    it('scan: says that the names are not known, and shows a key that is named', async () => {
      const sight = await lookedAt('+@all', '-scan');
      assert.deepEqual([sight.scan, sight.names], ['failed', []]);
      for (const at of names.keys()) assert.equal(sight.values[at], whole.values[at]);
    });

    it('unlink: deletes nothing, and names it', async () => {
      const sight = await lookedAt('+@all', '-unlink');
      assert.match(sight.deletion, /UNLINK/);
      assert.equal(await servers.send('EXISTS', 'to delete'), 1);
    });

    if (start === guardedCluster)
      it('cluster|slots: is not opened, and it is named', async () => {
        await letGuest('+@all', '-cluster|slots');
        const inspector = new DatabaseInspector();
        const opened = await open(inspector);
        inspector.dispose();
        assert.deepEqual(
          opened.problems.map(({ code }) => code),
          ['database-right-missing'],
        );
        assert.match(messageOf(opened.problems[0]!), /cluster\|slots/);
      });
  });
