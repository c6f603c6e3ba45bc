import assert from 'node:assert/strict';
import { utf8 } from '../../../src/core/base/bytes';
import type { ProblemCode } from '../../../src/core/base/problemCatalogue';
import { messageOf } from '../../../src/core/base/problem';
import { Database } from '../../../src/core/database/database';
import type { DatabaseState } from '../../../src/core/database/databaseState';
import { problemOfFailure } from '../../../src/core/database/databaseFailure';
import { plainWords } from '../../../src/core/database/plainWords';
import { RedisRefusal } from '../../../src/core/redis/redisFailure';
import type { Words } from '../../../src/core/redis/wire/reply';
import { until } from '../../support/startedRun';
import { WireServer } from '../../support/wireServer';

describe('a database that says no', () => {
  let server: WireServer;
  let said = '';

  beforeEach(async () => {
    server = await WireServer.start(([name]) =>
      name === 'CLUSTER' && !said.startsWith('-CLUSTERDOWN')
        ? '-ERR This instance has cluster support disabled\r\n'
        : said,
    );
  });
  afterEach(async () => {
    await server.stop();
  });

  const made = (): Database => {
    const endpoints = [{ kind: 'tcp', host: '127.0.0.1', port: server.port }] as const;
    return new Database({ id: 's', name: 'db', endpoints, own: true }, { limitMs: 5000, beatMs: 20 });
  };

  for (const [words, code] of [
    ['LOADING Redis is loading the dataset in memory', 'database-loading'],
    ['BUSY Redis is busy running a script. You can only call SCRIPT KILL', 'database-busy'],
    ['MASTERDOWN Link with MASTER is down', 'database-primary-down'],
    ['ERR max number of clients reached', 'database-crowded'],
    ['ERR something else', 'database-refused'],
  ] as const)
    it(`is asked again by itself after ${words.split(' ', 3).join(' ')}, while somebody watches`, async () => {
      said = `-${words}\r\n`;
      const database = made();
      const watch = database.watch();
      await until(
        'a problem',
        () => database.state.kind === 'connecting' && database.state.problem !== undefined,
      );
      assert.ok(database.state.kind === 'connecting');
      assert.equal(database.state.problem?.code, code);
      assert.ok(database.state.nextTry !== undefined);
      said = '+PONG\r\n';
      await until('live', () => database.state.kind === 'live');
      // The same when it has been live.
      said = `-${words}\r\n`;
      const state = (): DatabaseState => database.state;
      await until('stale', () => state().kind === 'stale');
      const stale = state();
      assert.ok(stale.kind === 'stale');
      assert.equal(stale.problem.code, code);
      said = '+PONG\r\n';
      await until('live again', () => state().kind === 'live');
      watch.dispose();
      database.dispose();
      assert.deepEqual(database.state, { kind: 'closed' });
    });

  for (const [words, code] of [
    ['NOAUTH Authentication required.', 'database-needs-password'],
    ['WRONGPASS invalid username-password pair or user is disabled.', 'database-wrong-password'],
    ['DENIED Redis is running in protected mode', 'database-protected'],
  ] as const)
    it(`is not asked again after ${words.split(' ', 1)[0]}, until it is connected to anew`, async () => {
      said = `-${words}\r\n`;
      const database = made();
      const watch = database.watch();
      await until('refused', () => database.state.kind === 'refused');
      assert.ok(database.state.kind === 'refused');
      assert.equal(database.state.problem.code, code);
      const { connections } = server;
      await new Promise((resolve) => setTimeout(resolve, 200));
      assert.equal(server.connections, connections);
      said = '+PONG\r\n';
      assert.ok((await database.connect()).ok);
      assert.deepEqual(database.state, { kind: 'live' });
      watch.dispose();
      database.dispose();
    });

  it('lets a user look who may not ask whether it answers', async () => {
    said = "-NOPERM User a has no permissions to run the 'ping' command\r\n";
    const database = made();
    assert.ok((await database.connect()).ok);
    assert.deepEqual(database.state, { kind: 'live' });
    const watch = database.watch();
    await until('a look', () => server.received.filter(([name]) => name === 'PING').length > 3);
    assert.deepEqual(database.state, { kind: 'live' });
    watch.dispose();
    database.dispose();
  });

  it('is looked at again after it was refused and then connected to', async () => {
    said = '-NOAUTH Authentication required.\r\n';
    const database = made();
    const watch = database.watch();
    const state = (): DatabaseState => database.state;
    await until('refused', () => state().kind === 'refused');
    said = '+PONG\r\n';
    assert.ok((await database.connect()).ok);
    said = '-LOADING\r\n';
    await until('stale', () => state().kind === 'stale');
    watch.dispose();
    database.dispose();
  });

  it('does not get the password into a message by repeating it', async () => {
    const server = await WireServer.start(
      (words) => `-ERR unknown command 'AUTH', with args beginning with: '${words.slice(1).join("' '")}'\r\n`,
    );
    const endpoints = [{ kind: 'tcp', host: '127.0.0.1', port: server.port }] as const;
    const target = { id: 's', name: 'db', endpoints, own: true, user: 'me' };
    const opened = await Database.open(target, { limitMs: 5000, secret: 'hidden' });
    assert.ok(!opened.ok);
    assert.doesNotMatch(JSON.stringify(opened.problems), /hidden/);
    assert.deepEqual(server.received, [['AUTH', 'me', 'hidden']]);
    await server.stop();
  });

  it('is remembered to deny what was asked, and no names that it makes up', async () => {
    said = '+PONG\r\n';
    const database = made();
    assert.ok((await database.connect()).ok);
    const key = utf8('key');
    const refused: readonly (readonly [denied: string, words: Words])[] = [
      ['type', ['TYPE', 'key']],
      ['memory|usage', ['MEMORY', 'USAGE', 'key', 'SAMPLES', '5']],
      ['made|up', ['EXISTS', 'key']],
    ];
    for (const [denied, words] of refused) {
      said = `-NOPERM this user has no permissions to run the '${denied}' command\r\n`;
      await assert.rejects(database.askOwner(key, ...words), RedisRefusal);
    }
    assert.deepEqual([...database.denied], ['type', 'memory|usage']);
    database.dispose();
  });

  it('is stale after one look without an answer, long before its connection is given up', async () => {
    said = '+PONG\r\n';
    const endpoints = [{ kind: 'tcp', host: '127.0.0.1', port: server.port }] as const;
    const target = { id: 's', name: 'db', endpoints, own: true };
    const database = new Database(target, { limitMs: 600_000, beatMs: 20 });
    const watch = database.watch();
    const state = (): DatabaseState => database.state;
    await until('live', () => state().kind === 'live');
    said = '';
    await until('stale', () => state().kind === 'stale');
    const stale = state();
    assert.ok(stale.kind === 'stale');
    assert.equal(stale.problem.code, 'database-silent');
    assert.equal(server.connections, 1);
    watch.dispose();
    database.dispose();
  });

  it('is tried less and less often', async () => {
    said = '-LOADING\r\n';
    const database = made();
    const watch = database.watch();
    await until('five attempts', () => server.connectedAt.length >= 5);
    watch.dispose();
    database.dispose();
    const [, ...pauses] = server.connectedAt.slice(1, 5).map((at, index) => at - server.connectedAt[index]!);
    assert.deepEqual(
      pauses,
      [...pauses].sort((one, other) => one - other),
    );
    assert.ok(pauses.at(-1)! > 2 * pauses[0]!, pauses.join(', '));
  });

  it('is left alone while nobody watches', async () => {
    said = '-LOADING\r\n';
    const database = made();
    const watch = database.watch();
    await until(
      'an attempt',
      () => database.state.kind === 'connecting' && database.state.problem !== undefined,
    );
    watch.dispose();
    const attempts = server.connectedAt.length;
    // Somebody who watched would see the next two attempts meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(server.connectedAt.length, attempts);
    database.dispose();
  });

  it('is shown in words that hide nothing', () => {
    assert.equal(plainWords('a\u202Eb\r\n\u0000\u200B<b>'), 'a\\u{202e}b\\u{d}\\u{a}\\u{0}\\u{200b}<b>');
    assert.equal(plainWords('x'.repeat(1000)).length, 301);
    const codes = (words: string): ProblemCode => problemOfFailure(new RedisRefusal(words), 'db').code;
    assert.equal(codes('CLUSTERDOWN Hash slot not served'), 'database-cluster-down');
    assert.equal(codes('OOM command not allowed'), 'database-full');
    assert.equal(codes('__proto__ x'), 'database-refused');
    const right = problemOfFailure(
      new RedisRefusal("NOPERM User a has no permissions to run the 'type' command"),
      'db',
    );
    assert.equal(messageOf(right), 'The database db does not let this user use type.');
  });
});
