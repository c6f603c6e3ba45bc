import assert from 'node:assert/strict';
import { problem } from '../../../src/core/base/problem';
import type { DatabaseTarget } from '../../../src/core/database/databaseTarget';
import type { NamesProgress } from '../../../src/core/inspection/inspector';
import type { OpenKeys } from '../../../src/extension/state/keyStore';
import { keysHeader, type HeaderContext } from '../../../src/extension/views/keys/keysHeader';
import { keysState } from '../../../src/extension/views/keys/keysState';
import { plainWording } from '../../support/plainWording';

const target: DatabaseTarget = { id: 'db', name: 'heat', endpoints: [], own: true };
const context: HeaderContext = { wording: plainWording, now: Date.now() };

function openKeys(progress: Partial<NamesProgress>, more: Partial<OpenKeys> = {}): OpenKeys {
  return {
    ...{ kind: 'open', target, unlocked: false, clustered: false, state: { kind: 'live' } },
    progress: {
      ...{
        database: 'db',
        state: 'scanning',
        pace: 'kind',
        shards: [],
        seen: 1200,
        expected: 5000,
        full: false,
        slow: false,
      },
      ...progress,
    },
    ...more,
  };
}

describe('the header of the Keys view', () => {
  it('tells how many of how many keys are read, and how fast', () => {
    assert.deepEqual(keysHeader(openKeys({}), context), {
      description: 'heat · 1,200 of 5,000 keys · kind pace',
      message: '',
    });
    assert.match(keysHeader(openKeys({ pace: 'full' }), context).description, /full speed$/);
    assert.match(keysHeader(openKeys({ state: 'paused' }), context).description, /paused$/);
  });

  it('has a line of its own for what people wait for', () => {
    assert.deepEqual(keysHeader(openKeys({ slow: true }), context), {
      description: 'heat',
      message: '1,200 of 5,000 keys · kind pace',
    });
    const { progress: anew } = openKeys({ slow: true, pace: 'full' });
    assert.ok(anew !== undefined);
    assert.deepEqual(keysHeader(openKeys({ state: 'complete', slow: true, now: 5000, anew }), context), {
      description: 'heat · 1,200 keys',
      message: 'Reading again: 1,200 of 5,000 keys · full speed',
    });
  });

  it('tells the number alone once all are read', () => {
    assert.equal(
      keysHeader(openKeys({ state: 'complete', seen: 5000 }), context).description,
      'heat · 5,000 keys',
    );
    assert.equal(keysHeader(openKeys({ state: 'complete', seen: 1 }), context).description, 'heat · 1 key');
  });

  it('says that a part is a part, and why', () => {
    const shards = [
      {
        shard: 's',
        state: 'failed',
        seen: 0,
        problem: problem('database-lost', { database: 'heat', reason: 'gone' }),
      },
    ] as const;
    const { description, message } = keysHeader(openKeys({ state: 'failed', shards }), context);
    assert.equal(description, 'heat · 1,200 of 5,000 keys · partial');
    assert.match(message, /^Not all keys are shown: The connection to the database heat was lost/);
  });

  it('says since when it is stale', () => {
    const found = problem('database-silent', { database: 'heat', reason: 'no answer' });
    const state = { kind: 'stale', since: context.now, problem: found, shards: ['s'] } as const;
    const { message } = keysHeader(openKeys({ state: 'complete' }, { state }), context);
    assert.match(message, /^Stale since .*: The database heat does not answer/);
  });

  it('says that there are other keys by now', () => {
    const { message } = keysHeader(openKeys({ state: 'complete', now: 6000 }), context);
    assert.equal(message, 'There are 6,000 keys now. Rescan to see them.');
  });

  it('says whether a database of others may be changed', () => {
    const others = { ...target, own: false };
    const complete = { state: 'complete', seen: 3 } as const;
    assert.equal(
      keysHeader(openKeys(complete, { target: others }), context).description,
      'heat · 3 keys · read-only',
    );
    assert.equal(
      keysHeader(openKeys(complete, { target: others, unlocked: true }), context).description,
      'heat · 3 keys · unlocked',
    );
  });

  it('tells the filter, except where the welcome text tells that nothing fits', () => {
    const filtered = { ...context, filter: '*u*' };
    assert.equal(keysHeader(openKeys({ state: 'complete', seen: 3 }), filtered).message, 'Filter: *u*');
    assert.equal(keysHeader(openKeys({ state: 'complete', seen: 0 }), filtered).message, '');
    const none = { state: 'complete', search: { found: 0, left: 0 } } as const;
    assert.equal(keysHeader(openKeys(none), filtered).message, '');
  });

  it('tells how many names fit of how many that were looked at, also before all are read or looked at', () => {
    const described = (progress: Partial<NamesProgress>): string =>
      keysHeader(openKeys(progress), context).description;
    assert.equal(
      described({ search: { found: 7, left: 200 } }),
      'heat · 7 found among 1,000 of 5,000 keys · kind pace',
    );
    const complete = { state: 'complete', seen: 5000 } as const;
    assert.equal(
      described({ ...complete, search: { found: 7, left: 1000 } }),
      'heat · 7 found among 4,000 of 5,000 keys',
    );
    assert.equal(
      described({ ...complete, search: { found: 7, left: 0 } }),
      'heat · 7 found among 5,000 keys',
    );
  });

  it('tells that rows are sorted, and of how many it is known what they hold', () => {
    const message = (known: number): string =>
      keysHeader(openKeys({}), { ...context, sorted: { by: 'size', known, of: 2000 } }).message;
    assert.equal(message(400), 'Sorted by size: known of 400 of 2,000 keys so far');
    assert.equal(message(2000), 'Sorted by size');
  });

  it('names no sum where only keys of a kind are looked for', () => {
    const { expected, ...progress } = openKeys({}).progress ?? assert.fail();
    assert.equal(expected, 5000);
    const { description } = keysHeader({ ...openKeys({}), progress }, context);
    assert.equal(description, 'heat · 1,200 keys so far · kind pace');
  });
});

describe('the state of an empty Keys view', () => {
  const failed = (code: Parameters<typeof problem>[0]) =>
    keysState(
      { kind: 'failed', target, problems: [problem(code, { database: 'heat', reason: 'x' })] },
      false,
    );

  it('has a name for each reason', () => {
    assert.equal(keysState({ kind: 'none' }, false), 'none');
    assert.equal(failed('database-unreachable'), 'unreachable');
    assert.equal(failed('database-wrong-password'), 'login');
    assert.equal(failed('database-tls-failed'), 'tls');
    assert.equal(failed('database-right-missing'), 'refused');
    assert.equal(failed('inspector-ended'), 'ended');
    assert.equal(keysState(openKeys({ state: 'complete', seen: 0 }), false), 'empty');
    assert.equal(keysState(openKeys({ state: 'complete', seen: 0 }), true), 'noMatch');
    const none = { state: 'complete', search: { found: 0, left: 0 } } as const;
    assert.equal(keysState(openKeys(none), true), 'noMatch');
    assert.equal(keysState(openKeys({ ...none, search: { found: 0, left: 1 } }), true), 'keys');
  });

  it('is not empty while names come in', () => {
    assert.equal(keysState(openKeys({ seen: 0 }), false), 'keys');
    assert.equal(keysState(openKeys({ state: 'failed', seen: 0 }), false), 'keys');
  });
});
