import assert from 'node:assert/strict';
import { utf8 } from '../../../src/core/base/bytes';
import { messageOf, type Problem } from '../../../src/core/base/problem';
import type { Result } from '../../../src/core/base/result';
import { Database, type DatabaseOptions } from '../../../src/core/database/database';
import type { DatabaseState } from '../../../src/core/database/databaseState';
import type { DatabaseTarget } from '../../../src/core/database/databaseTarget';
import { DatabaseServer } from '../../support/databaseServer';
import { until } from '../../support/startedRun';

const options: DatabaseOptions = { limitMs: 5000, beatMs: 100 };
const targetOf = (port: number, more: Partial<DatabaseTarget> = {}): DatabaseTarget => ({
  ...{ id: 'test', name: 'db', endpoints: [{ kind: 'tcp', host: '127.0.0.1', port }], own: true },
  ...more,
});

function opened(result: Result<Database>): Database {
  assert.ok(result.ok, result.problems.map(messageOf).join());
  return result.value;
}

function refused(result: Result<Database>): Problem {
  assert.ok(!result.ok);
  return result.problems[0]!;
}

describe('a database of one server', function () {
  this.timeout(60_000);
  let server: DatabaseServer;
  let database: Database | undefined;

  afterEach(async () => {
    database?.dispose();
    database = undefined;
    await server.stop();
  });

  it('is asked about keys, and says what it is', async () => {
    server = await DatabaseServer.start();
    database = opened(await Database.open(targetOf(server.port), options));
    assert.equal(database.clustered, false);
    assert.deepEqual(database.state, { kind: 'live' });
    await database.askOwner(utf8('a'), 'SET', utf8('a'), '1');
    assert.equal(await database.askOwner(utf8('a'), 'TYPE', utf8('a')), 'string');
    const answers = await database.askOwners(
      ['a', 'b'].map((key) => ({ key: utf8(key), words: ['STRLEN', utf8(key)] })),
    );
    assert.deepEqual(answers, [1, 0]);
  });

  it('is stale while it is away, and comes back by itself while somebody watches', async () => {
    server = await DatabaseServer.start();
    database = opened(await Database.open(targetOf(server.port), options));
    const states: DatabaseState[] = [];
    database.onDidChangeState((state) => states.push(state));
    const watch = database.watch();
    await server.kill();
    await until('stale', () => database?.state.kind === 'stale');
    await until('a refused connection', () => JSON.stringify(states).includes('database-unreachable'));
    await server.launch();
    await until('live', () => database?.state.kind === 'live');
    watch.dispose();
    const [first] = states;
    assert.ok(first?.kind === 'stale');
    assert.equal(first.problem.code, 'database-lost');
    assert.ok(first.nextTry !== undefined);
  });

  it('is stale while its server is stopped, and live again after it', async () => {
    server = await DatabaseServer.start();
    database = opened(await Database.open(targetOf(server.port), options));
    const watch = database.watch();
    server.signal('SIGSTOP');
    await until('stale', () => database?.state.kind === 'stale');
    assert.ok(database.state.kind === 'stale');
    assert.equal(database.state.problem.code, 'database-silent');
    server.signal('SIGCONT');
    await until('live', () => database?.state.kind === 'live');
    watch.dispose();
  });

  it('is not connected to again by itself while nobody watches, but when it is asked', async () => {
    server = await DatabaseServer.start();
    database = opened(await Database.open(targetOf(server.port), options));
    const { connection } = { connection: await database.connection(database.shards[0]!) };
    await server.kill();
    await until('the end of the connection', () => !connection.isOpen);
    assert.ok(database.state.kind === 'stale');
    assert.equal(database.state.nextTry, undefined);
    await server.launch();
    assert.equal(await database.askOwner(utf8('a'), 'EXISTS', utf8('a')), 0);
    assert.deepEqual(database.state, { kind: 'live' });
  });

  it('says which password is wrong or missing, and is not asked again', async () => {
    server = await DatabaseServer.start([
      ...'--user guest on >right ~* +@all --user default on >hidden ~* +@all'.split(' '),
    ]);
    const guest = targetOf(server.port, { user: 'guest' });
    assert.equal(
      refused(await Database.open(guest, { ...options, secret: 'wrong' })).code,
      'database-wrong-password',
    );
    assert.equal(refused(await Database.open(guest, options)).code, 'database-needs-password');
    database = opened(await Database.open(guest, { ...options, secret: 'right' }));
    assert.equal(String(await database.askOwner(utf8('a'), 'ACL', 'WHOAMI')), String(utf8('guest')));
    const byDefault = opened(await Database.open(targetOf(server.port), { ...options, secret: 'hidden' }));
    byDefault.dispose();
  });

  it('remembers which commands it does not allow', async () => {
    server = await DatabaseServer.start([...'--user guest on >right ~* +@all -type -cluster'.split(' ')]);
    database = opened(
      await Database.open(targetOf(server.port, { user: 'guest' }), { ...options, secret: 'right' }),
    );
    await assert.rejects(database.askOwner(utf8('a'), 'TYPE', utf8('a')), /NOPERM/);
    assert.equal(await database.askOwner(utf8('a'), 'EXISTS', utf8('a')), 0);
    assert.deepEqual([...database.denied], ['cluster|slots', 'type']);
  });

  it('is reached over a Unix socket', async () => {
    server = await DatabaseServer.start(['--unixsocket', '/proc/self/cwd/s']);
    const endpoint = { kind: 'socket', path: `${server.directory}/s` } as const;
    database = opened(await Database.open(targetOf(0, { endpoints: [endpoint] }), options));
    assert.equal(database.shards[0]?.name, endpoint.path);
  });

  it('cannot be reached where nobody listens', async () => {
    server = await DatabaseServer.start();
    const { port } = server;
    await server.kill();
    const found = refused(await Database.open(targetOf(port), options));
    assert.equal(found.code, 'database-unreachable');
    assert.match(messageOf(found), new RegExp(`127.0.0.1:${port}`));
  });
});
