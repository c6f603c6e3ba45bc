import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { utf8 } from '../../../src/core/base/bytes';
import { messageOf } from '../../../src/core/base/problem';
import type { ProblemCode } from '../../../src/core/base/problemCatalogue';
import { DatabaseInspector } from '../../../src/core/inspection/databaseInspector';
import type { NamesProgress, StateOfDatabase } from '../../../src/core/inspection/inspector';
import { displayKey } from '../../../src/core/redis/displayKey';
import { until } from '../../support/startedRun';
import { listReply, WireServer, type ReceivedCommand } from '../../support/wireServer';

const id = 'faulty';

/** Two pages of a scan, each of which a server may answer otherwise. */
const pages: Readonly<Record<string, string>> = {
  '0': `*2\r\n$1\r\n7\r\n${listReply('a', 'b')}`,
  '7': `*2\r\n$1\r\n0\r\n${listReply('c')}`,
};

describe('a server that does wrong while it is looked into', function () {
  this.timeout(60_000);
  let server: WireServer;
  let inspector: DatabaseInspector;
  let progress: NamesProgress | undefined;
  /** Codes of problems of shards, in the order in which they were told, each once. */
  let told: Set<ProblemCode>;
  let states: StateOfDatabase['state'][];
  /** What it answers instead of what it should; undefined where it does right. */
  let instead: (command: ReceivedCommand) => string | undefined;

  beforeEach(async () => {
    instead = () => undefined;
    server = await WireServer.start((command) => {
      const [name = '', second = ''] = command;
      const other = instead(command);
      if (other !== undefined) return other === '' ? undefined : other;
      switch (name) {
        case 'CLUSTER':
          return '-ERR This instance has cluster support disabled\r\n';
        case 'SCAN':
          return pages[second] ?? '-ERR invalid cursor\r\n';
        case 'DBSIZE':
          return ':3\r\n';
        case 'INFO':
          return '$8\r\nrun_id:x\r\n';
        case 'TYPE':
          return '+string\r\n';
        case 'STRLEN':
          return ':5\r\n';
        case 'PTTL':
          return ':-1\r\n';
        case 'GETRANGE':
          return '$5\r\nvalue\r\n';
        default:
          return '+PONG\r\n';
      }
    });
    inspector = new DatabaseInspector();
    progress = undefined;
    told = new Set();
    states = [];
    inspector.onDidProgress((news) => {
      progress = news;
      for (const shard of news.shards) if (shard.problem !== undefined) told.add(shard.problem.code);
    });
    inspector.onDidChangeState(({ state }) => states.push(state));
  });
  afterEach(async () => {
    inspector.dispose();
    await server.stop();
  });

  async function open(tls = false): Promise<readonly ProblemCode[]> {
    const endpoint = { kind: 'tcp', host: '127.0.0.1', port: server.port } as const;
    const endpoints = [tls ? { ...endpoint, tls: {} } : endpoint];
    const opened = await inspector.open({ id, name: 'db', endpoints, own: true }, 'secret');
    return opened.ok ? [] : opened.problems.map(({ code }) => code);
  }

  async function names(): Promise<readonly string[]> {
    const { rows } = await inspector.rows(id, { kind: 'root' }, { from: 0, most: 200 });
    return rows.map((row) => displayKey(row.label));
  }

  /** The second page is answered wrongly, once. */
  function wrongOnce(answer: string): void {
    let done = false;
    instead = ([name, second]) => {
      if (done || name !== 'SCAN' || second !== '7') return undefined;
      done = true;
      return answer;
    };
  }

  for (const [what, answer, code] of [
    ['loads its data', '-LOADING Redis is loading the dataset in memory\r\n', 'database-loading'],
    ['is busy with a script', '-BUSY Redis is busy running a script.\r\n', 'database-busy'],
    ['says that its cluster is down', '-CLUSTERDOWN The cluster is down\r\n', 'database-cluster-down'],
    ['lies about the length of a list', '*2\r\n$1\r\n0\r\n*3000000000\r\n', 'database-not-understood'],
    ['lies about the length of a name', '*2\r\n$1\r\n0\r\n*1\r\n$99999999999\r\n', 'database-not-understood'],
    ['says a negative length', '*2\r\n$1\r\n0\r\n*1\r\n$-7\r\n', 'database-not-understood'],
    ['says less than it has announced', '*2\r\n$1\r\n0\r\n*1\r\n$1\r\nccc\r\n', 'database-not-understood'],
  ] as const satisfies readonly (readonly [string, string, ProblemCode])[])
    it(`and ${what} in the middle of a scan is asked again, and no name is missing`, async () => {
      assert.deepEqual(await open(), []);
      wrongOnce(answer);
      await inspector.scan(id, { pace: 'full' });
      await until('the interruption', () => told.size > 0);
      assert.deepEqual([...told], [code]);
      const page = await inspector.rows(id, { kind: 'root' }, { from: 0, most: 200 });
      assert.equal(page.complete, false);
      await until('all names', () => progress?.state === 'complete');
      assert.deepEqual(await names(), ['a', 'b', 'c']);
    });

  for (const [what, answer] of [
    ['gives something that is no page', '+OK\r\n'],
    ['gives names that are lists', '*2\r\n$1\r\n0\r\n*1\r\n*1\r\n$1\r\nc\r\n'],
  ] as const)
    it(`and ${what} has failed, and what it gave before is shown as a part`, async () => {
      assert.deepEqual(await open(), []);
      wrongOnce(answer);
      await inspector.scan(id, { pace: 'full' });
      await until('the end', () => progress?.state === 'failed');
      assert.deepEqual([...told], ['database-reply-unexpected']);
      const page = await inspector.rows(id, { kind: 'root' }, { from: 0, most: 200 });
      assert.deepEqual([await names(), page.complete], [['a', 'b'], false]);
    });

  for (const [what, command, answer] of [
    ['says who it is', 'INFO', ':5\r\n'],
    ['says who it is by a list', 'INFO', '*0\r\n'],
  ] as const)
    it(`and ${what} otherwise than servers do has failed, with the command that was not understood`, async () => {
      assert.deepEqual(await open(), []);
      instead = ([name]) => (name === command ? answer : undefined);
      await inspector.scan(id, { pace: 'full' });
      await until('the end', () => progress?.state === 'failed');
      assert.deepEqual([...told], ['database-reply-unexpected']);
      const [shard] = progress!.shards;
      assert.equal(shard!.shard, `127.0.0.1:${server.port}`);
      assert.match(messageOf(shard!.problem!), /INFO gave no text/);
    });

  for (const [what, slots] of [
    ['text', '+OK\r\n'],
    ['nothing', '$-1\r\n'],
    ['numbers', '*1\r\n:5\r\n'],
    ['ranges without an end', '*1\r\n*1\r\n:0\r\n'],
    ['ranges that end before they begin', '*1\r\n*3\r\n:9\r\n:1\r\n*2\r\n$9\r\n127.0.0.1\r\n:7000\r\n'],
    ['slots that no cluster has', '*1\r\n*3\r\n:0\r\n:16384\r\n*2\r\n$9\r\n127.0.0.1\r\n:7000\r\n'],
    ['ranges without a node', '*1\r\n*2\r\n:0\r\n:16383\r\n'],
    ['a node without a port', '*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$9\r\n127.0.0.1\r\n$1\r\nx\r\n'],
    ['a node with words for an address', '*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$3\r\na b\r\n:7000\r\n'],
  ] as const)
    it(`and gives ${what} for the slots of its cluster is not opened, and it is said where`, async () => {
      instead = ([name]) => (name === 'CLUSTER' ? slots : undefined);
      const endpoints = [{ kind: 'tcp', host: '127.0.0.1', port: server.port }] as const;
      const opened = await inspector.open({ id, name: 'db', endpoints, own: true });
      assert.deepEqual(
        opened.problems.map(({ code }) => code),
        ['database-reply-unexpected'],
      );
      assert.match(messageOf(opened.problems[0]!), new RegExp(`127\\.0\\.0\\.1:${server.port} (gave|named)`));
    });

  it('and does not count its keys in numbers tells no number, and is not read again and again', async () => {
    assert.deepEqual(await open(), []);
    instead = ([name]) => (name === 'DBSIZE' ? '+many\r\n' : undefined);
    await inspector.scan(id, { pace: 'full' });
    await until('all names', () => progress?.state === 'complete');
    assert.equal(progress?.expected, undefined);
    await inspector.watch(id, true);
    const sent = (command: string): number => server.received.filter(([name]) => name === command).length;
    const [pages, counted] = [sent('SCAN'), sent('DBSIZE')];
    await until('counted twice', () => sent('DBSIZE') >= counted + 2);
    await delay(100);
    assert.equal(sent('SCAN'), pages);
  });

  it('and stops answering in the middle of a scan is told to be silent, and goes on when it answers', async () => {
    assert.deepEqual(await open(), []);
    wrongOnce('');
    await inspector.scan(id, { pace: 'full' });
    await until('the interruption', () => told.size > 0);
    assert.deepEqual([...told], ['database-silent']);
    await until('all names', () => progress?.state === 'complete');
    assert.deepEqual(await names(), ['a', 'b', 'c']);
    assert.ok(states.some(({ kind }) => kind === 'stale'));
    assert.equal(states.at(-1)?.kind, 'live');
  });

  it('and sends a cursor round and round keeps what it has given once, and can be ended', async () => {
    assert.deepEqual(await open(), []);
    instead = ([name]) => (name === 'SCAN' ? `*2\r\n$1\r\n7\r\n${listReply('a', 'b')}` : undefined);
    await inspector.scan(id, { pace: 'full' });
    await until('many pages', () => server.received.length > 1000);
    assert.deepEqual(await names(), ['a', 'b']);
    await inspector.close(id);
    // What was on its way has come by then.
    await delay(100);
    const { length } = server.received;
    await delay(100);
    assert.equal(server.received.length, length);
  });

  for (const [what, answer, code] of [
    ['knows another password', '-WRONGPASS invalid username-password pair\r\n', 'database-wrong-password'],
    ['loads its data', '-LOADING Redis is loading the dataset in memory\r\n', 'database-loading'],
    ['is none', 'HTTP/1.1 400 Bad Request\r\n', 'database-not-understood'],
  ] as const satisfies readonly (readonly [string, string, ProblemCode])[])
    it(`and ${what} is not opened, and it is said why`, async () => {
      instead = () => answer;
      assert.deepEqual(await open(), [code]);
      assert.deepEqual(await names(), []);
    });

  it('and does not speak TLS is not opened with it, and it is said why', async () => {
    const plain = await WireServer.start(
      () => undefined,
      (socket) => socket.write('-ERR Protocol error\r\n'),
    );
    try {
      const endpoints = [{ kind: 'tcp', host: '127.0.0.1', port: plain.port, tls: {} }] as const;
      const opened = await inspector.open({ id, name: 'db', endpoints, own: true });
      assert.deepEqual(opened.ok ? [] : opened.problems.map(({ code }) => code), ['database-tls-failed']);
    } finally {
      await plain.stop();
    }
  });

  it('and lies in values tells nothing of them, with the reason, and is asked again', async () => {
    assert.deepEqual(await open(), []);
    for (const [lie, code] of [
      ['$-7\r\n', 'value-not-understood'],
      ['$99999999999\r\n', 'value-not-understood'],
      // It never ends.
      ['*5\r\n:1\r\n', 'value-refused'],
      [':9999999999999999999999\r\n', 'value-not-understood'],
      ['?\r\n', 'value-not-understood'],
    ] as const) {
      instead = ([name]) => (name === 'GETRANGE' || name === 'EXEC' ? lie : undefined);
      const value = inspector.value(id, utf8('a'), {});
      const codes = await Promise.race([
        value.then((found) => (found.ok ? [] : found.problems.map(({ code }) => code))),
        delay(15_000, ['no answer'], { ref: false }),
      ]);
      assert.deepEqual(codes, [code], lie);
    }
    instead = ([name]) => (name === 'MULTI' ? '-ERR unknown command\r\n' : undefined);
    const value = await inspector.value(id, utf8('a'), {});
    assert.ok(value.ok, JSON.stringify(value));
    assert.match(value.value.text, /value/);
  });
});
