import assert from 'node:assert/strict';
import { success } from '../../../src/core/base/result';
import { LiveRun } from '../../../src/core/run/liveRun';
import type { SupervisorClient } from '../../../src/core/run/supervisorClient';
import { runSnapshot } from '../../support/runSnapshots';

describe('LiveRun', () => {
  it('is over as soon as its end is told, although its supervisor is still connected', async () => {
    const asked: string[] = [];
    const ended = runSnapshot({ phase: 'stopped', endedAt: 2000 });
    const client = {
      subscribe: () => Promise.resolve(success({ run: runSnapshot({ phase: 'ready' }) })),
      stop: () => Promise.resolve(success({ run: ended })),
      restart: () => {
        asked.push('restart');
        return Promise.resolve(success({ problems: [] }));
      },
      onDidReceive: () => ({ dispose: () => undefined }),
      // It never is within this test.
      onDidClose: () => ({ dispose: () => undefined }),
      dispose: () => undefined,
    } as unknown as SupervisorClient;
    const record = { version: 1, runDirectory: '/none', createdAt: 0, host: 'here' } as const;
    const run = await LiveRun.over({ ...record, id: ended.id, experiment: 'lattice', file: '/f' }, client);
    assert.equal(run?.live, true);
    assert.ok((await run.stop()).ok);
    assert.equal(run.live, false);
    assert.equal((await run.restart('sim')).problems[0]?.code, 'run-not-live');
    assert.deepEqual(asked, []);
    run.dispose();
  });
});
