import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { utf8 } from '../../../src/core/base/bytes';
import { messageOf } from '../../../src/core/base/problem';
import { DatabaseInspector } from '../../../src/core/inspection/databaseInspector';
import type { NamesProgress } from '../../../src/core/inspection/inspector';
import { DatabaseServer } from '../../support/databaseServer';
import { RecordingProxy } from '../../support/recordingProxy';
import { RespClient } from '../../support/respClient';
import { until } from '../../support/startedRun';
import { temporaryFolder } from '../../support/temporaryFolder';

const id = 'many';

describe('many keys that are deleted together', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  it('are gathered and taken out of the names piece by piece, between which rows are told', async () => {
    const server = await DatabaseServer.start();
    const client = await RespClient.connect(server.port);
    const proxy = await RecordingProxy.before(server.port);
    const inspector = new DatabaseInspector();
    try {
      const keys = Array.from({ length: 50_000 }, (_, n) => [`run.step_${n}`, '']);
      await client.send('MSET', 'other', '', ...keys.flat());
      const endpoints = [{ kind: 'tcp', host: '127.0.0.1', port: proxy.port }] as const;
      const opened = await inspector.open({ id, name: 'db', endpoints, own: true });
      assert.ok(opened.ok, opened.problems.map(messageOf).join());
      let progress: NamesProgress | undefined;
      inspector.onDidProgress((news) => (progress = news));
      await inspector.scan(id, { pace: 'full' });
      await until('all names', () => progress?.state === 'complete');

      const planned = inspector.planDeletion(id, {
        ...{ name: 'run.', keys: [] },
        folders: [{ kind: 'prefix', prefix: utf8('run.') }],
      });
      // Until the keys are gathered, nothing is asked of the server.
      let answers = 0;
      for (; !proxy.received.some(([name]) => name === 'TYPE'); answers += 1) {
        await inspector.rows(id, { kind: 'root' }, { from: 0, most: 9 });
        await setImmediate();
      }
      const plan = await planned;
      assert.ok(plan.ok);
      assert.equal(plan.value.keys, 50_000);
      assert.ok(answers >= 25, `${answers} answers meanwhile`);

      const deleted = await inspector.delete(id, plan.value.plan, folder.path);
      assert.ok(deleted.ok);
      assert.equal(deleted.value.removed, 50_000);
      const { rows } = await inspector.rows(id, { kind: 'root' }, { from: 0, most: 9 });
      assert.deepEqual(
        rows.map(({ label }) => Buffer.from(label).toString()),
        ['other'],
      );
      assert.equal(await client.send('DBSIZE'), 1);
    } finally {
      inspector.dispose();
      client.close();
      await proxy.stop();
      await server.stop();
    }
  });
});
