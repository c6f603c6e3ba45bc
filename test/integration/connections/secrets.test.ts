import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { messageOf, remedyOf } from '../../../src/core/base/problem';
import { addressTarget } from '../../../src/core/database/discovery/addressTarget';
import { addressText, parseAddress } from '../../../src/core/database/discovery/databaseAddress';
import { tryDatabase } from '../../../src/core/database/discovery/tryDatabase';
import { databaseCore } from '../../../src/extension/bridge/databaseCore';
import { ConnectionStore } from '../../../src/extension/state/connectionStore';
import { databaseNodes } from '../../../src/extension/views/orchestrators/databaseNodes';
import { DatabaseServer } from '../../support/databaseServer';
import { plainWording } from '../../support/plainWording';

const never = new AbortController().signal;

describe('a password', () => {
  const password = randomBytes(12).toString('hex');
  const wrong = randomBytes(12).toString('hex');
  let server: DatabaseServer;

  before(async () => {
    server = await DatabaseServer.start();
    await server.send('ACL', 'SETUSER', 'ada', 'on', `>${password}`, '~*', '+@all');
  });

  after(() => server.stop());

  it('in an address opens the database, and is nowhere but in the secret storage afterwards', async () => {
    const address = parseAddress(`redis://ada:${password}@127.0.0.1:${server.port}`);
    assert.ok(address.ok);
    const { secret, ...rest } = address.value;
    assert.equal(secret, password);
    const target = addressTarget(address.value);
    assert.deepEqual(await tryDatabase(target, secret, never), { kind: 'answers' });
    const refused = await tryDatabase(target, wrong, never);
    assert.equal(refused.kind, 'refuses');
    assert.deepEqual(
      refused.problems.map(({ code }) => code),
      ['database-wrong-password'],
    );

    const memory = new Map<string, unknown>();
    const secrets = new Map<string, string>();
    const store = new ConnectionStore({
      loadCore: () => Promise.resolve(databaseCore({}, 0)),
      runs: () => [],
      search: () => Promise.resolve({ databases: [], problems: [] }),
      memory: {
        get: (key) => memory.get(key),
        update: (key, value) => Promise.resolve(void memory.set(key, value)),
      },
      secrets: {
        get: (key) => Promise.resolve(secrets.get(key)),
        store: (key, value) => Promise.resolve(void secrets.set(key, value)),
        delete: (key) => Promise.resolve(void secrets.delete(key)),
      },
    });
    await store.load();
    await store.remember(target, secret);
    const texts = refused.problems.flatMap((one) => [messageOf(one), remedyOf(one), one.evidence]);
    const shown = JSON.stringify([
      ...[addressText(rest), target, refused, texts, [...memory], [...secrets.keys()]],
      ...[store.databases, databaseNodes(store.databases, plainWording)],
    ]);
    for (const word of [password, wrong]) assert.ok(!shown.includes(word), shown);
    assert.deepEqual([...secrets.values()], [password]);
  });
});
