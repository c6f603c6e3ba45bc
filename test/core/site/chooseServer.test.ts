import assert from 'node:assert/strict';
import { chooseServer } from '../../../src/core/site/chooseServer';
import type { DatabaseServer, ServerCandidate } from '../../../src/core/site/databaseServer';

const usable = (server: Partial<DatabaseServer>): ServerCandidate => ({
  kind: 'usable',
  server: { origin: 'path', path: '/usr/bin/redis-server', engine: 'redis', version: '7.0.15', ...server },
});
const old = usable({ version: '5.0.7', path: '/usr/bin/old' });
const valkey = usable({ engine: 'valkey', version: '8.0.1', path: '/opt/valkey-server' });

function codesOf(
  candidates: readonly ServerCandidate[],
  wanted: 'auto' | 'redis' | 'valkey' = 'auto',
): string[] {
  const choice = chooseServer(candidates, wanted);
  assert(!choice.ok);
  return choice.problems.map(({ code }) => code);
}

function pathOf(
  candidates: readonly ServerCandidate[],
  wanted: 'auto' | 'redis' | 'valkey' = 'auto',
): string {
  const choice = chooseServer(candidates, wanted);
  assert(choice.ok);
  return choice.value.path;
}

describe('chooseServer', () => {
  it('takes the first that will do', () => {
    assert.equal(pathOf([usable({}), valkey]), '/usr/bin/redis-server');
    assert.equal(pathOf([usable({}), valkey], 'valkey'), '/opt/valkey-server');
  });

  it('passes over what was only found and is too old, and says so if nothing better comes', () => {
    assert.equal(pathOf([old, valkey]), '/opt/valkey-server');
    assert.deepEqual(codesOf([old]), ['server-too-old']);
    assert.deepEqual(codesOf([]), ['no-server']);
    assert.deepEqual(codesOf([usable({})], 'valkey'), ['no-server-of-engine']);
  });

  it('refuses what the user named and will not do, whatever else there is', () => {
    const named = 'REDIS_PATH';
    assert.deepEqual(codesOf([{ kind: 'missing', origin: named, path: '/x' }, usable({})]), [
      'server-missing',
    ]);
    assert.deepEqual(codesOf([{ kind: 'directory', origin: 'setting', path: '/x' }, usable({})]), [
      'server-not-executable',
    ]);
    assert.deepEqual(
      codesOf([{ kind: 'without-version', origin: named, path: '/x', evidence: 'no' }, usable({})]),
      ['server-without-version'],
    );
    assert.deepEqual(codesOf([usable({ origin: named, version: '6.0.16' }), usable({})]), ['server-too-old']);
    assert.deepEqual(codesOf([usable({ origin: named, engine: 'keydb' }), usable({})]), [
      'server-of-other-engine',
    ]);
  });

  it('names what it passed over as evidence', () => {
    const choice = chooseServer(
      [{ kind: 'not-executable', origin: 'path', path: '/bin/redis-server' }],
      'auto',
    );
    assert.match(choice.problems[0]?.evidence ?? '', /\/bin\/redis-server/);
  });
});
