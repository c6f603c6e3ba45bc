import type { Disposable } from '../base/disposables';

/** Looks again and again while somebody watches; without a timer otherwise. */
export class Pulse implements Disposable {
  private watchers = 0;
  private timer: NodeJS.Timeout | undefined;
  private disposed = false;

  /** `look` says when to look again: after so many milliseconds, or no more. */
  constructor(private readonly look: () => Promise<number | undefined>) {}

  get watched(): boolean {
    return this.watchers > 0;
  }

  /** Until it is disposed. */
  watch(): Disposable {
    this.watchers += 1;
    if (this.watchers === 1) this.beatIn(0);
    let watching = true;
    return {
      dispose: () => {
        if (!watching) return;
        watching = false;
        this.watchers -= 1;
        if (this.watchers === 0) clearTimeout(this.timer);
      },
    };
  }

  /** Looks after so many milliseconds, instead of when it would have. */
  beatIn(pauseMs: number): void {
    clearTimeout(this.timer);
    if (!this.watched || this.disposed) return;
    this.timer = setTimeout(() => {
      void this.beat();
    }, pauseMs);
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
  }

  private async beat(): Promise<void> {
    const pauseMs = await this.look();
    if (pauseMs !== undefined) this.beatIn(pauseMs);
  }
}
