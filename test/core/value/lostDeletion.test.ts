import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { utf8 } from '../../../src/core/base/bytes';
import { deleteKeys } from '../../../src/core/value/change/deleteKeys';
import { lookedInto } from '../../support/lookedInto';
import { until } from '../../support/startedRun';
import { temporaryFolder } from '../../support/temporaryFolder';
import { WireServer } from '../../support/wireServer';

describe('a deletion whose connection is lost', () => {
  const folder = temporaryFolder();

  for (const [when, unanswered] of [
    ['after the server has got it', 2],
    ['before', undefined],
  ] as const)
    it(`${when}: is not done again, and the journal says what is not known`, async () => {
      const server = await WireServer.start(([name], socket) => {
        if (name === 'CLUSTER') return '-ERR This instance has cluster support disabled\r\n';
        if (name !== 'UNLINK') return '+PONG\r\n';
        socket.destroy();
        return undefined;
      });
      const database = await lookedInto([server.port]);
      try {
        if (unanswered === undefined) {
          await server.stop();
          await until('the loss', () => database.state.kind === 'stale');
        }
        const keys = [utf8('a'), utf8('b')];
        const shard = database.shards[0]!.name;
        const plan = { folder: 'f', keys, shards: [{ shard, keys, looked: 2 }], sample: [] };
        const journal = path.join(folder.path, when);
        const done = await deleteKeys(database, plan, { journal, signal: new AbortController().signal });
        assert.deepEqual([done.ok, done.problems.map(({ code }) => code)], [false, ['value-refused']]);
        const entries = readFileSync(path.join(journal, 'deletions.jsonl'), 'utf8').trim().split('\n');
        const after = JSON.parse(entries[2] ?? '') as Record<string, unknown>;
        assert.deepEqual(
          [after['step'], after['keys'], after['removed'], after['unanswered']],
          ['after', 2, 0, unanswered],
        );
        assert.equal(server.received.filter(([name]) => name === 'UNLINK').length, unanswered ? 1 : 0);
      } finally {
        database.dispose();
        if (unanswered !== undefined) await server.stop();
      }
    });
});
