import assert from 'node:assert/strict';
import { Deferred } from '../../../src/core/base/deferred';
import { OneAtATime } from '../../../src/core/base/oneAtATime';

describe('OneAtATime', () => {
  it('runs once more after calls that came during a run, and never twice at once', async () => {
    const gates: Deferred<void>[] = [];
    let most = 0;
    let now = 0;
    const work = new OneAtATime(async () => {
      most = Math.max(most, (now += 1));
      const gate = new Deferred<void>();
      gates.push(gate);
      await gate.promise;
      now -= 1;
    });
    const first = work.run();
    const second = work.run();
    const third = work.run();
    gates[0]?.resolve();
    await first;
    await until(() => gates.length === 2);
    gates[1]?.resolve();
    await Promise.all([second, third]);
    assert.equal(gates.length, 2);
    assert.equal(most, 1);
  });

  it('goes on after a failure, which only its own callers see', async () => {
    let fail = true;
    const work = new OneAtATime(() => (fail ? Promise.reject(new Error('no')) : Promise.resolve()));
    await assert.rejects(work.run(), /no/);
    fail = false;
    await work.run();
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let turns = 0; turns < 100 && !condition(); turns += 1) await Promise.resolve();
  assert.ok(condition());
}
