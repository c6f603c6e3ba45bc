import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { utf8 } from '../../../src/core/base/bytes';
import { messageOf } from '../../../src/core/base/problem';
import { Database } from '../../../src/core/database/database';
import type { Endpoint, TlsOptions } from '../../../src/core/redis/wire/endpoint';
import { DatabaseServer } from '../../support/databaseServer';
import { freePort } from '../../support/freePort';
import { projectRoot } from '../../support/projectRoot';

const folder = path.join(projectRoot, 'test/fixtures/tls');
const textOf = (name: string): string => readFileSync(path.join(folder, name), 'utf8');

describe('a database with TLS', function () {
  this.timeout(60_000);
  let server: DatabaseServer;
  let port: number;

  beforeEach(async () => {
    port = await freePort();
    const file = (name: string): string => path.join(folder, name);
    server = await DatabaseServer.start([
      ...[
        '--tls-port',
        String(port),
        '--tls-cert-file',
        file('server.pem'),
        '--tls-key-file',
        file('server.key'),
      ],
      ...['--tls-ca-cert-file', file('ca.pem'), '--tls-auth-clients', 'yes'],
    ]);
  });
  afterEach(async () => {
    await server.stop();
  });

  const client = { certificate: textOf('client.pem'), key: textOf('client.key') };
  const right: TlsOptions = { ca: textOf('ca.pem'), ...client };

  /** The code of what goes wrong, or nothing. */
  async function opened(endpoint: Endpoint): Promise<string | undefined> {
    const target = { id: 't', name: 'db', endpoints: [endpoint], own: true };
    const result = await Database.open(target, { limitMs: 2000 });
    if (!result.ok) {
      assert.notEqual(messageOf(result.problems[0]!), '');
      return result.problems[0]!.code;
    }
    try {
      const value = new Uint8Array(3_000_000).map((_, place) => place);
      assert.equal(await result.value.askOwner(utf8('a'), 'SET', 'a', value), 'OK');
      assert.deepEqual(await result.value.askOwner(utf8('a'), 'GET', 'a'), value);
    } finally {
      result.value.dispose();
    }
    return undefined;
  }
  const at = (tls: TlsOptions): Endpoint => ({ kind: 'tcp', host: '127.0.0.1', port, tls });

  it('is reached by whoever proves who he is, also by another name of it', async () => {
    assert.equal(await opened(at(right)), undefined);
    assert.equal(await opened(at({ ...right, serverName: 'database.test' })), undefined);
  });

  for (const [what, tls] of [
    ['no certificate of the client', { ca: right.ca! }],
    ['an authority that has not signed its certificate', { ...client, ca: textOf('otherCa.pem') }],
    ['no authority', client],
    ['a name that is not in its certificate', { ...right, serverName: 'elsewhere.test' }],
    ['an authority that is none', { ...right, ca: 'nonsense' }],
    ['a key that is none', { ...right, key: 'nonsense' }],
  ] as const)
    it(`is not reached with ${what}`, async () => {
      assert.equal(await opened(at(tls)), 'database-tls-failed');
    });

  it('is not reached without TLS, nor a plain one with it', async () => {
    assert.equal(await opened({ kind: 'tcp', host: '127.0.0.1', port }), 'database-hung-up');
    assert.equal(
      await opened({ kind: 'tcp', host: '127.0.0.1', port: server.port, tls: right }),
      'database-tls-failed',
    );
  });
});
