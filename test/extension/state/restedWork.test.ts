import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { RestedWork } from '../../../src/extension/state/restedWork';

describe('work that changes ask for', () => {
  let time: number;
  let rests: { readonly milliseconds: number; readonly end: () => void }[];
  let works: (() => void)[];
  let rested: RestedWork;

  beforeEach(() => {
    time = 0;
    rests = [];
    works = [];
    rested = new RestedWork(
      () => new Promise((resolve) => works.push(resolve)),
      (end, milliseconds) => {
        const entry = { milliseconds, end };
        rests.push(entry);
        return { dispose: () => rests.splice(rests.indexOf(entry), 1) };
      },
      () => time,
    );
  });

  /** The work that was begun last has taken so long. */
  async function worked(milliseconds: number): Promise<void> {
    time += milliseconds;
    works.at(-1)!();
    await setImmediate();
  }

  it('is done at once, and never twice together', async () => {
    for (let times = 0; times < 5; times += 1) rested.changed();
    assert.equal(works.length, 1);
    await worked(1);
    assert.deepEqual(
      rests.map(({ milliseconds }) => milliseconds),
      [500],
    );
  });

  it('is done once more after a rest where something has changed, however often', async () => {
    rested.changed();
    rested.changed();
    await worked(200);
    rested.changed();
    assert.equal(works.length, 1);
    assert.equal(rests.at(-1)?.milliseconds, 2000);
    rests.at(-1)?.end();
    assert.equal(works.length, 2);
    await worked(1);
    rests.at(-1)?.end();
    assert.equal(works.length, 2);
    rested.changed();
    assert.equal(works.length, 3);
  });

  it('is not done any more after its end', async () => {
    rested.changed();
    await worked(1);
    rested.changed();
    rested.dispose();
    assert.deepEqual(rests, []);
    rested.changed();
    assert.equal(works.length, 1);
    const other = new RestedWork(
      () => new Promise((resolve) => works.push(resolve)),
      () => assert.fail('it rests'),
    );
    other.changed();
    other.dispose();
    await worked(1);
  });
});
