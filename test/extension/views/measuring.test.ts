import assert from 'node:assert/strict';
import { silentLog } from '../../../src/core/base/log';
import { Measuring } from '../../../src/extension/views/orchestrators/measuring';
import { runSnapshot, ScriptedRun } from '../../support/runSnapshots';

/** A clock that stands still until a test lets its timers run out. */
class ScriptedTimers {
  readonly pending = new Map<() => void, number>();
  readonly later = (work: () => void, milliseconds: number) => {
    this.pending.set(work, milliseconds);
    return { dispose: () => void this.pending.delete(work) };
  };

  runOut(): void {
    const works = [...this.pending.keys()];
    this.pending.clear();
    for (const work of works) work();
  }
}

describe('Measuring', () => {
  let run: ScriptedRun;
  let timers: ScriptedTimers;
  let measuring: Measuring;

  beforeEach(() => {
    run = new ScriptedRun(runSnapshot());
    timers = new ScriptedTimers();
    measuring = new Measuring(() => [run].filter(({ live }) => live), silentLog, timers.later);
  });

  it('asks at once when the view becomes visible, and again two seconds after the answer', async () => {
    measuring.setVisible(true);
    assert.equal(run.measured, 1);
    assert.equal(timers.pending.size, 0);
    await settled();
    assert.deepEqual([...timers.pending.values()], [2000]);
    timers.runOut();
    assert.equal(run.measured, 2);
  });

  it('has no timer while the view is hidden', async () => {
    measuring.update();
    assert.equal(run.measured, 0);
    measuring.setVisible(true);
    await settled();
    measuring.setVisible(false);
    assert.equal(timers.pending.size, 0);
  });

  it('stops after an answer that came when the view was hidden', async () => {
    measuring.setVisible(true);
    measuring.setVisible(false);
    await settled();
    assert.equal(timers.pending.size, 0);
  });

  it('has no timer while nothing is live, and begins when something is', async () => {
    run.live = false;
    measuring.setVisible(true);
    await settled();
    assert.equal(timers.pending.size, 0);
    run.live = true;
    measuring.update();
    assert.equal(run.measured, 1);
  });

  it('has no timer when the last run has ended', async () => {
    measuring.setVisible(true);
    await settled();
    run.live = false;
    measuring.update();
    assert.equal(timers.pending.size, 0);
  });

  it('does not ask more often because the answers are changes', async () => {
    measuring.setVisible(true);
    measuring.update();
    await settled();
    measuring.update();
    assert.equal(run.measured, 1);
    assert.equal(timers.pending.size, 1);
  });
});

async function settled(): Promise<void> {
  for (let turns = 0; turns < 10; turns += 1) await Promise.resolve();
}
