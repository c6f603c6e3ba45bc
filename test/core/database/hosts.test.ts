import assert from 'node:assert/strict';
import { utf8 } from '../../../src/core/base/bytes';
import { messageOf } from '../../../src/core/base/problem';
import { Database, type DatabaseOptions } from '../../../src/core/database/database';
import type { DatabaseTarget } from '../../../src/core/database/databaseTarget';
import { tryDatabase } from '../../../src/core/database/discovery/tryDatabase';
import { WireServer } from '../../support/wireServer';

/** A reply of CLUSTER SLOTS: all slots, shared out among these nodes. */
function slotsOf(nodes: readonly (readonly [host: string, port: number])[]): string {
  const share = Math.ceil(16_384 / nodes.length);
  const ranges = nodes.map(([host, port], place) => {
    const last = Math.min(16_383, (place + 1) * share - 1);
    const node = `*3\r\n$${host.length}\r\n${host}\r\n:${port}\r\n$2\r\nid\r\n`;
    return `*3\r\n:${place * share}\r\n:${last}\r\n${node}`;
  });
  return `*${nodes.length}\r\n${ranges.join('')}`;
}

describe('a database that leads to other hosts', () => {
  let server: WireServer;
  let other: WireServer;
  let slots = '';
  let said = '+OK\r\n';

  beforeEach(async () => {
    other = await WireServer.start(() => '+OK\r\n');
    server = await WireServer.start(([name]) =>
      name === 'CLUSTER' ? slots : name === 'TYPE' ? said : '+OK\r\n',
    );
  });
  afterEach(async () => {
    await Promise.all([server.stop(), other.stop()]);
  });

  async function opened(
    more: Partial<DatabaseTarget> = {},
    options: Partial<DatabaseOptions> = {},
  ): Promise<Database | string> {
    const endpoints = [{ kind: 'tcp', host: '127.0.0.1', port: server.port }] as const;
    const target = { id: 'h', name: 'db', endpoints, own: false, ...more };
    const result = await Database.open(target, { limitMs: 5000, ...options });
    return result.ok ? result.value : messageOf(result.problems[0]!);
  }

  for (const [what, host, port] of [
    ['an address of clouds', '169.254.169.254', 80],
    ['a port of the system', '127.0.0.1', 22],
    ['another host', '192.0.2.1', 6379],
    ['a name', 'elsewhere.test', 6379],
  ] as const)
    it(`is not followed to ${what}`, async () => {
      slots = slotsOf([
        ['127.0.0.1', server.port],
        [host, port],
      ]);
      const problem = await opened();
      assert.ok(typeof problem === 'string');
      assert.ok(problem.includes(`${host}:${port}`), problem);
    });

  it('is followed to other ports of its host, and to hosts that somebody has agreed to', async () => {
    slots = slotsOf([
      ['', server.port],
      ['127.0.0.1', other.port],
    ]);
    const near = await opened();
    assert.ok(near instanceof Database);
    assert.equal(await near.askOwner(utf8('a'), 'EXISTS', 'a'), 'OK');
    assert.equal(other.connections, 1);
    near.dispose();
    slots = slotsOf([
      ['127.0.0.1', server.port],
      ['192.0.2.1', 6379],
    ]);
    for (const agreed of [
      await opened({ hosts: ['192.0.2.1'] }),
      await opened({}, { allowHost: () => true }),
    ]) {
      assert.ok(agreed instanceof Database);
      assert.deepEqual(
        agreed.shards.map(({ name }) => name),
        [`127.0.0.1:${server.port}`, '192.0.2.1:6379'],
      );
      agreed.dispose();
    }
  });

  it('is not connected to where the one who decides says no', async () => {
    slots = slotsOf([
      ['127.0.0.1', server.port],
      ['127.0.0.1', other.port],
    ]);
    const problem = await opened({}, { allowHost: () => false });
    assert.ok(typeof problem === 'string');
    assert.match(problem, /leads to 127.0.0.1:\d+, which you have not named/);
    assert.equal(other.connections, 0);
  });

  it('is followed where the name that was named leads', async () => {
    slots = slotsOf([['127.0.0.1', server.port]]);
    const endpoints = [{ kind: 'tcp', host: 'localhost', port: server.port }] as const;
    const database = await opened({ endpoints });
    assert.ok(database instanceof Database);
    database.dispose();
  });

  for (const kind of ['MOVED', 'ASK'])
    it(`is not followed by ${kind} where nobody has agreed`, async () => {
      slots = slotsOf([['127.0.0.1', server.port]]);
      // A port below 1024 of the same host counts as another one.
      said = `-${kind} 0 127.0.0.1:22\r\n`;
      const database = await opened();
      assert.ok(database instanceof Database);
      await assert.rejects(database.askOwner(utf8('a'), 'TYPE', 'a'), /leads to 127.0.0.1:22/);
      said = `-${kind} 0 192.0.2.1:6379\r\n`;
      await assert.rejects(database.askOwner(utf8('a'), 'TYPE', 'a'), /leads to 192.0.2.1:6379/);
      database.dispose();
    });

  it('is not followed round and round', async () => {
    slots = slotsOf([['127.0.0.1', server.port]]);
    said = `-MOVED 0 127.0.0.1:${server.port}\r\n`;
    const database = await opened();
    assert.ok(database instanceof Database);
    await assert.rejects(database.askOwner(utf8('a'), 'TYPE', 'a'), /MOVED/);
    assert.equal(server.received.filter(([name]) => name === 'TYPE').length, 6);
    database.dispose();
  });

  it('asks for agreement to hosts that nobody knows, and not again for what agreement does not help', async () => {
    slots = slotsOf([
      ['127.0.0.1', 22],
      ['192.0.2.1', 80],
      ['192.0.2.2', 6379],
    ]);
    const endpoints = [{ kind: 'tcp', host: '127.0.0.1', port: server.port }] as const;
    const target: DatabaseTarget = { id: 'h', name: 'db', endpoints, own: false };
    const wanted = async (hosts: readonly string[]): Promise<readonly string[]> => {
      const trial = await tryDatabase({ ...target, hosts }, undefined, new AbortController().signal);
      assert.ok(trial.kind === 'refuses');
      assert.equal(trial.problems[0]?.code, 'database-hosts-unconfirmed');
      return trial.hosts;
    };
    assert.deepEqual(await wanted([]), ['192.0.2.1', '192.0.2.2']);
    assert.deepEqual(await wanted(['192.0.2.1', '192.0.2.2']), []);
  });
});
