import type { Disposable } from '../../core/base/disposables';
import { afterMilliseconds, type Later } from './later';

/** Milliseconds between two tellings: shorter than anybody sees, longer than hundreds of rows take. */
const pause = 50;

/** Tells a change at once, and the changes that follow closely all together. */
export class Paced implements Disposable {
  private waiting: Disposable | undefined;
  private untold = false;
  private disposed = false;

  constructor(
    private readonly tell: () => void,
    private readonly later: Later = afterMilliseconds,
  ) {}

  changed(): void {
    if (this.disposed) return;
    this.untold = true;
    if (this.waiting !== undefined) return;
    this.waiting = this.later(() => {
      this.waiting = undefined;
      if (this.untold) this.changed();
    }, pause);
    this.untold = false;
    this.tell();
  }

  dispose(): void {
    this.disposed = true;
    this.waiting?.dispose();
  }
}
