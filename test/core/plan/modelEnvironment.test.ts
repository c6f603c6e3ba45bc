import assert from 'node:assert/strict';
import { modelEnvironment } from '../../../src/core/plan/modelEnvironment';
import { specOf } from '../../support/specOf';

function model(more: string): Parameters<typeof modelEnvironment>[0] {
  const text = `version: 1\nexperiment: x\nmodels:\n  a: {run_settings: {exe: a}}\n  m: {run_settings: {exe: m}${more}}\n`;
  return specOf(text).models[1]!;
}

const standard = { identifier: 'orchestrator', ssdb: '127.0.0.1:6780', clustered: false };
const named = { identifier: 'fields', ssdb: '10.0.0.1:1,10.0.0.1:2,10.0.0.1:3', clustered: true };

describe('modelEnvironment', () => {
  it('names the standard orchestrator without a suffix', () => {
    assert.deepEqual(modelEnvironment(model(''), [standard]), {
      SSDB: '127.0.0.1:6780',
      SR_DB_TYPE: 'Standalone',
    });
  });

  it('names every other with its identifier', () => {
    assert.deepEqual(modelEnvironment(model(''), [standard, named]), {
      SSDB: '127.0.0.1:6780',
      SR_DB_TYPE: 'Standalone',
      SSDB_fields: '10.0.0.1:1,10.0.0.1:2,10.0.0.1:3',
      SR_DB_TYPE_fields: 'Clustered',
    });
  });

  it('sets prefixes where they are asked for', () => {
    assert.deepEqual(modelEnvironment(model(', enable_key_prefixing: true, incoming: [a, m]'), []), {
      SSKEYOUT: 'm',
      SSKEYIN: 'a,m',
    });
  });
});
