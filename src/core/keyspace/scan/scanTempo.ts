import type { ScanClock } from './scanClock';

/** `kind`: at most a tenth of each shard's time; `full`: as fast as it goes. */
export type ScanPace = 'kind' | 'full';

/** When the pages of a scan may be asked for: the same for all of its shards, switched by whoever watches. */
export class ScanTempo {
  private paused = false;
  /** Aborted when something is switched: whoever waits looks again. */
  private switched = new AbortController();

  constructor(
    private chosen: ScanPace,
    readonly clock: ScanClock,
    /** Ends the scan. */
    readonly signal: AbortSignal,
  ) {
    signal.addEventListener('abort', this.wake, { once: true });
  }

  get pace(): ScanPace {
    return this.chosen;
  }

  set pace(pace: ScanPace) {
    this.chosen = pace;
    this.wake();
  }

  get isPaused(): boolean {
    return this.paused;
  }

  pause(): void {
    this.paused = true;
    this.wake();
  }

  resume(): void {
    this.paused = false;
    this.wake();
  }

  /** Pages may follow each other without a look at the time. */
  get isFree(): boolean {
    return this.chosen === 'full' && !this.paused && !this.signal.aborted;
  }

  /** Resolves when a page may be asked for; `restMs` is what the kind pace leaves the server alone. Throws when the scan is ended. */
  async turn(restMs: number): Promise<void> {
    await this.until(restMs, () => this.isFree);
  }

  /** Waits, at any pace, and longer while the scan is paused. Throws when the scan is ended. */
  async rest(ms: number): Promise<void> {
    await this.until(ms, () => false);
  }

  private async until(ms: number, enough: () => boolean): Promise<void> {
    const due = this.clock.now() + ms;
    for (;;) {
      this.signal.throwIfAborted();
      const left = due - this.clock.now();
      if (!this.paused && (left <= 0 || enough())) return;
      const { signal } = this.switched;
      if (this.paused) await aborted(signal);
      else await this.clock.sleep(left, signal);
    }
  }

  private readonly wake = (): void => {
    const before = this.switched;
    this.switched = new AbortController();
    before.abort();
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
}
