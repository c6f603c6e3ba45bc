import { Emitter, type Event } from '../../core/base/event';
import type { Disposable } from '../../core/base/disposables';
import { OneAtATime } from '../../core/base/oneAtATime';

/** Whether this machine has a database server. It looks once, when it is first asked to. */
export class ServerAvailability implements Disposable {
  private readonly changed = new Emitter<void>();
  readonly onDidChange: Event<void> = this.changed.event;
  private found: boolean | undefined;
  private first: Promise<void> | undefined;
  private readonly searches: OneAtATime;

  constructor(hasServer: () => Promise<boolean>) {
    this.searches = new OneAtATime(async () => {
      this.found = await hasServer();
      this.changed.fire();
    });
  }

  /** True only after looking: not knowing is not missing. */
  get missing(): boolean {
    return this.found === false;
  }

  once(): Promise<void> {
    return (this.first ??= this.searches.run());
  }

  /** Looks again if it has been asked before: what it knows may no longer hold. */
  async recheck(): Promise<void> {
    if (this.first !== undefined) await this.again();
  }

  again(): Promise<void> {
    return (this.first = this.searches.run());
  }

  dispose(): void {
    this.changed.dispose();
  }
}
