import assert from 'node:assert/strict';
import { problem } from '../../../src/core/base/problem';
import { reduceRun } from '../../../src/core/deployment/reduceRun';
import type { RunEvent } from '../../../src/core/deployment/runEvents';
import type { RunSnapshot } from '../../../src/core/deployment/runSnapshot';
import { toRunStatus } from '../../../src/core/deployment/toRunStatus';
import { planOf } from '../../support/planOf';

describe('toRunStatus', () => {
  it('has the published shape', () => {
    const plan = planOf({
      directory: '/d',
      runId: 'r1',
      port: 6399,
      models: [{ name: 'sim', argv: ['/sim'] }],
    });
    const identity = { hostId: 'h', bootId: 'b', pidNamespace: 'n', pid: 5, startTime: '1' };
    const cause = problem('model-failed', { model: 'sim', ending: 'return code 3', out: 'o', err: 'e' });
    const events: RunEvent[] = [
      { type: 'run-planned', plan },
      { type: 'supervisor-started', identity, socket: '/s', version: '1' },
      { type: 'process-started', entity: { kind: 'shard', name: 'orchestrator_0' }, identity },
      { type: 'orchestrator-ready', identifier: 'orchestrator', formationMs: 12.5 },
      { type: 'process-started', entity: { kind: 'model', name: 'sim' }, identity },
      { type: 'launch-finished' },
      {
        type: 'process-exited',
        entity: { kind: 'model', name: 'sim' },
        returnCode: 3,
        signal: null,
        requested: false,
        cause,
      },
    ];
    const snapshot = events.reduce<RunSnapshot | undefined>(
      (state, event, index) =>
        reduceRun(state, { sequence: index + 1, at: index * 1000, elapsedMs: 0, event }),
      undefined,
    );
    const told = {
      code: 'model-failed',
      message: 'Model sim failed: return code 3.',
      remedy: 'Read its output in o and e.',
    };
    assert.deepEqual(toRunStatus(snapshot!), {
      id: 'r1',
      experiment: 'lattice',
      file: '/d/lattice.smartsim.yaml',
      host: 'here',
      phase: 'degraded',
      cause: told,
      orchestrators: [
        {
          id: 'orchestrator',
          phase: 'ready',
          engine: 'redis',
          version: '7.0.15',
          ai: 'none',
          ssdb: '127.0.0.1:6399',
          clustered: false,
          formationMs: 12.5,
          shards: [
            {
              name: 'orchestrator_0',
              host: '127.0.0.1',
              port: 6399,
              pid: 5,
              status: 'Running',
              slots: [],
              usedMemory: null,
              clients: null,
              keys: null,
            },
          ],
        },
      ],
      models: [
        {
          name: 'sim',
          status: 'Failed',
          cause: told,
          returnCode: 3,
          startedAt: '1970-01-01T00:00:04.000Z',
          endedAt: '1970-01-01T00:00:06.000Z',
          out: '/d/lattice/.smartsim/workbench/r1/logs/sim.out',
          err: '/d/lattice/.smartsim/workbench/r1/logs/sim.err',
        },
      ],
    });
  });
});
