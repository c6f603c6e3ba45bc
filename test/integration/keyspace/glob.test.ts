import assert from 'node:assert/strict';
import { matchGlob } from '../../../src/core/keyspace/names/nameMatch';
import { EngineServer } from '../../support/engineServer';
import { bytes, text } from '../../core/keyspace/wholeTree';
import { random } from '../../support/random';

const pieces = [
  ...['a', 'b', 'c', 'A', '*', '*', '?', '[', ']', '^', '-', '\\', '.', '\0', '\xff', '{', '\n'],
  ...[
    '[a-c]',
    '[^a-c]',
    '[c-a]',
    '[^',
    '[]',
    '[^]',
    '[\\]]',
    '[a\\-c]',
    '[]a]',
    '[--a]',
    '**',
    '*a',
    '\\*',
    'ab',
  ],
];

describe('matchGlob', function () {
  this.timeout(120_000);
  let server: EngineServer;

  before(async () => {
    server = await EngineServer.start();
  });
  after(async () => {
    await server.stop();
  });

  it('matches what the MATCH of a real server does', async () => {
    const next = random(11);
    const some = (most: number): string =>
      Array.from(
        { length: Math.floor(next() * most) },
        () => pieces[Math.floor(next() * pieces.length)]!,
      ).join('');
    const client = await server.client();
    const names = new Set(['', ...Array.from({ length: 400 }, () => some(4))]);
    for (const name of names) assert.equal(await client.send('SET', bytes(name), '1'), 'OK');
    let found = 0;
    for (let round = 0; round < 3000; round++) {
      const pattern = some(6);
      const reply = await client.send('SCAN', '0', 'MATCH', bytes(pattern), 'COUNT', '100000');
      assert.ok(Array.isArray(reply) && Array.isArray(reply[1]));
      const theirs = (reply[1] as Uint8Array[]).map(text);
      const matches = matchGlob(bytes(pattern));
      const ours = [...names].filter((name) => matches(bytes(name)));
      assert.deepEqual(ours.sort(), theirs.sort(), `pattern ${JSON.stringify(pattern)}`);
      found += ours.length;
    }
    assert.ok(found > 3000);
  });
});
