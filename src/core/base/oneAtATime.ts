/**
 * Runs a piece of work never twice at once: calls during a run ask for one more run after it, and
 * never queue more than that. The answer settles after a run that began after the call.
 */
export class OneAtATime {
  private running: Promise<void> | undefined;
  private next: Promise<void> | undefined;

  constructor(private readonly work: () => Promise<void>) {}

  run(): Promise<void> {
    if (this.running === undefined) return (this.running = this.begin());
    this.next ??= this.running.then(this.again, this.again);
    return this.next;
  }

  private readonly again = (): Promise<void> => {
    this.next = undefined;
    return (this.running = this.begin());
  };

  private async begin(): Promise<void> {
    try {
      await this.work();
    } finally {
      if (this.next === undefined) this.running = undefined;
    }
  }
}
