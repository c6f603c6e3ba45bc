import assert from 'node:assert/strict';
import { Deferred } from '../../../src/core/base/deferred';
import { KeyedDelay } from '../../../src/extension/language/keyedDelay';

describe('KeyedDelay', () => {
  it('does only the last of several calls for one key', async () => {
    const delay = new KeyedDelay(1);
    const done: string[] = [];
    const last = new Deferred<void>();
    delay.schedule('a', () => Promise.resolve(void done.push('first')));
    delay.schedule('a', () =>
      Promise.resolve(void done.push('second')).then(() => {
        last.resolve();
      }),
    );
    await last.promise;
    assert.deepEqual(done, ['second']);
  });

  it('aborts work that has begun when the next call comes', async () => {
    const delay = new KeyedDelay(1);
    const begun = new Deferred<AbortSignal>();
    delay.schedule('a', async (signal) => {
      begun.resolve(signal);
      await Promise.resolve();
    });
    const signal = await begun.promise;
    assert.equal(signal.aborted, false);
    delay.schedule('a', () => Promise.resolve());
    assert.equal(signal.aborted, true);
    delay.dispose();
  });

  it('keeps keys apart', async () => {
    const delay = new KeyedDelay(1);
    const both = [new Deferred<void>(), new Deferred<void>()] as const;
    delay.schedule('a', settle(both[0]));
    delay.schedule('b', settle(both[1]));
    await Promise.all(both.map(({ promise }) => promise));
  });

  it('does nothing more after its end', async () => {
    const delay = new KeyedDelay(1);
    delay.schedule('a', () => assert.fail('done after the end'));
    delay.dispose();
    const later = new Deferred<void>();
    new KeyedDelay(5).schedule('b', settle(later));
    await later.promise;
  });
});

function settle(deferred: Deferred<void>): () => Promise<void> {
  return () => {
    deferred.resolve();
    return Promise.resolve();
  };
}
