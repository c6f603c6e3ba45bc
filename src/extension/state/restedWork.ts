import type { Disposable } from '../../core/base/disposables';
import { afterMilliseconds, type Later } from './later';

/** Milliseconds from the end of the work to its next beginning; more where it takes long. */
const shortestRest = 500;
/** Times that the work took, for which everything else has the time after it. */
const rest = 10;

/** Work that changes ask for: it is done at once, never twice together, and once more after a rest where something has changed since it began. */
export class RestedWork implements Disposable {
  private active = false;
  private wanted = false;
  private resting: Disposable | undefined;
  private disposed = false;

  constructor(
    /** Rejects with bugs alone. */
    private readonly work: () => Promise<void>,
    private readonly later: Later = afterMilliseconds,
    /** Milliseconds. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  changed(): void {
    this.wanted = true;
    if (!this.active && !this.disposed) void this.begin();
  }

  dispose(): void {
    this.disposed = true;
    this.resting?.dispose();
  }

  private async begin(): Promise<void> {
    this.active = true;
    this.wanted = false;
    const begun = this.now();
    try {
      await this.work();
    } finally {
      if (!this.disposed)
        this.resting = this.later(
          () => {
            this.active = false;
            if (this.wanted) this.changed();
          },
          Math.max(shortestRest, rest * (this.now() - begun)),
        );
    }
  }
}
