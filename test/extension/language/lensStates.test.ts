import assert from 'node:assert/strict';
import { lensStates } from '../../../src/extension/language/lensStates';
import {
  modelSnapshot,
  orchestratorSnapshot,
  runSnapshot,
  ScriptedRun,
  shardSnapshot,
} from '../../support/runSnapshots';

describe('what lenses say of runs', () => {
  const statesOf = (
    more: Parameters<typeof runSnapshot>[0],
    live = true,
    launching: readonly string[] = [],
  ) => lensStates({ runs: [new ScriptedRun(runSnapshot(more), live)], launching: new Set(launching) });
  const before = statesOf({});

  it('stays the same when a shard was measured', () => {
    const shards = [shardSnapshot({ usedMemory: 1024, keys: 3, clients: 2 })];
    assert.deepEqual(statesOf({ orchestrators: [orchestratorSnapshot({ shards })] }), before);
  });

  it('changes with the state of a model, an orchestrator or the run, with its end and with a launch', () => {
    for (const after of [
      statesOf({ models: [modelSnapshot({ status: 'Failed' })] }),
      statesOf({ orchestrators: [orchestratorSnapshot({ phase: 'failed' })] }),
      statesOf({ phase: 'degraded' }),
      statesOf({}, false),
      statesOf({}, true, ['/a.smartsim.yaml']),
    ]) {
      assert.notDeepEqual(after, before);
    }
  });
});
