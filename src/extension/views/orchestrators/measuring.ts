import type { Disposable } from '../../../core/base/disposables';
import type { Log } from '../../../core/base/log';
import type { Run } from '../../../core/run/run';
import { afterMilliseconds, type Later } from '../../state/later';

/** Milliseconds from one answer to the next question. */
const pause = 2000;

/**
 * Asks the shards for their memory, clients and keys while somebody looks. A timer exists only
 * while the view is visible and a run is live; a slow answer delays the next question.
 */
export class Measuring implements Disposable {
  private visible = false;
  private waiting: Disposable | undefined;
  private asking = false;

  constructor(
    private readonly liveRuns: () => readonly Run[],
    private readonly log: Log,
    private readonly later: Later = afterMilliseconds,
  ) {}

  setVisible(visible: boolean): void {
    this.visible = visible;
    this.update();
  }

  /** To be called when a run may have become live or ended. */
  update(): void {
    const wanted = this.visible && this.liveRuns().length > 0;
    if (!wanted) this.cancel();
    else if (this.waiting === undefined && !this.asking) void this.ask();
  }

  dispose(): void {
    this.visible = false;
    this.cancel();
  }

  private cancel(): void {
    this.waiting?.dispose();
    this.waiting = undefined;
  }

  private async ask(): Promise<void> {
    this.asking = true;
    for (const answer of await Promise.allSettled(this.liveRuns().map((run) => run.measure()))) {
      if (answer.status === 'rejected')
        this.log.debug(`A run did not measure its shards: ${String(answer.reason)}`);
    }
    this.asking = false;
    if (!this.visible || this.liveRuns().length === 0) return;
    this.waiting = this.later(() => {
      this.waiting = undefined;
      this.update();
    }, pause);
  }
}
