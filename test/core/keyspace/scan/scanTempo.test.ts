import assert from 'node:assert/strict';
import type { ScanClock } from '../../../../src/core/keyspace/scan/scanClock';
import { ScanTempo } from '../../../../src/core/keyspace/scan/scanTempo';

/** Time that passes when it is told to. */
class HandClock implements ScanClock {
  private time = 0;
  private readonly sleepers = new Set<{ readonly due: number; readonly wake: () => void }>();

  now(): number {
    return this.time;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const sleeper = { due: this.time + ms, wake: resolve };
      this.sleepers.add(sleeper);
      signal.addEventListener('abort', () => {
        this.sleepers.delete(sleeper);
        resolve();
      });
    });
  }

  async pass(ms: number): Promise<void> {
    this.time += ms;
    for (const sleeper of this.sleepers) {
      if (sleeper.due > this.time) continue;
      this.sleepers.delete(sleeper);
      sleeper.wake();
    }
    await settled();
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the tempo of a scan', () => {
  let clock: HandClock;
  let ending: AbortController;
  let turns: number;
  beforeEach(() => {
    clock = new HandClock();
    ending = new AbortController();
    turns = 0;
  });

  function tempoOf(pace: 'kind' | 'full'): ScanTempo {
    return new ScanTempo(pace, clock, ending.signal);
  }

  async function begin(turn: Promise<void>): Promise<void> {
    void turn.then(() => (turns += 1));
    await settled();
  }

  it('waits between pages at the kind pace alone', async () => {
    await begin(tempoOf('full').turn(9));
    assert.equal(turns, 1);
    await begin(tempoOf('kind').turn(9));
    await clock.pass(8);
    assert.equal(turns, 1);
    await clock.pass(1);
    assert.equal(turns, 2);
  });

  it('is switched while somebody waits', async () => {
    const tempo = tempoOf('kind');
    await begin(tempo.turn(1000));
    tempo.pace = 'full';
    await settled();
    assert.equal(turns, 1);
  });

  it('lets nobody on while it is paused, whatever time passes', async () => {
    const tempo = tempoOf('full');
    tempo.pause();
    assert.equal(tempo.isFree, false);
    await begin(tempo.turn(0));
    await begin(tempo.rest(5));
    await clock.pass(10);
    assert.equal(turns, 0);
    tempo.resume();
    await settled();
    assert.equal(turns, 2);
  });

  it('rests between tries at full speed, too', async () => {
    await begin(tempoOf('full').rest(5));
    assert.equal(turns, 0);
    await clock.pass(5);
    assert.equal(turns, 1);
  });

  it('ends all waits', async () => {
    const tempo = tempoOf('kind');
    const waiting = assert.rejects(tempo.turn(1000), /over/);
    tempo.pause();
    const paused = assert.rejects(tempo.rest(0), /over/);
    ending.abort(new Error('over'));
    await Promise.all([waiting, paused]);
    await assert.rejects(tempo.turn(0), /over/);
  });
});
