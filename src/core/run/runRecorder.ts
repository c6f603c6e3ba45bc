import { Emitter } from '../base/event';
import type { Log } from '../base/log';
import type { Problem } from '../base/problem';
import { messageOf } from '../base/problem';
import { reduceRun } from '../deployment/reduceRun';
import type { RecordedEvent, RunEvent } from '../deployment/runEvents';
import type { RunSnapshot } from '../deployment/runSnapshot';
import type { Journal } from './journal';

/** Milliseconds between an event and the flush that brings it to the disk. */
const flushDelay = 50;

/** Writes down what happens, then tells it: nobody learns of an event that is not in the journal first. */
export class RunRecorder {
  private readonly recorded = new Emitter<RecordedEvent>();
  private readonly failed = new Emitter<Problem>();
  readonly onDidRecord = this.recorded.event;
  /** The journal could not be written. The event is kept, and written with the next one. */
  readonly onDidFail = this.failed.event;
  private current: RunSnapshot;
  private flushTimer: NodeJS.Timeout | undefined;

  /**
   * `receivedAt`: when the plan was received, on the monotonic clock. `onWrite`: called right before and
   * right after each event is written.
   */
  constructor(
    private readonly journal: Pick<Journal, 'append' | 'flush'>,
    planned: RunSnapshot,
    private readonly receivedAt: number,
    private readonly log: Log,
    private readonly onWrite: (event: RunEvent, now: 'before' | 'after') => void = () => undefined,
  ) {
    this.current = planned;
  }

  get snapshot(): RunSnapshot {
    return this.current;
  }

  record(event: RunEvent): void {
    const elapsedMs = event.type === 'supervisor-started' ? 0 : this.elapsed();
    const recorded = { sequence: this.current.sequence + 1, at: Date.now(), elapsedMs, event };
    this.onWrite(event, 'before');
    const problem = this.journal.append(recorded);
    this.onWrite(event, 'after');
    this.current = reduceRun(this.current, recorded);
    this.recorded.fire(recorded);
    if (problem === undefined) this.flushBehind();
    else this.fail(problem);
  }

  /** Tells an event that is not journaled. */
  tell(event: RunEvent): void {
    const recorded = { sequence: this.current.sequence, at: Date.now(), elapsedMs: this.elapsed(), event };
    this.current = reduceRun(this.current, recorded);
    this.recorded.fire(recorded);
  }

  /** Resolves when everything is on the disk, or could not be brought there. */
  async flushed(): Promise<void> {
    clearTimeout(this.flushTimer);
    this.flushTimer = undefined;
    const problem = await this.journal.flush();
    if (problem !== undefined) this.fail(problem);
  }

  /** Events come in bursts, and a launch must not wait for a disk: one flush serves a burst. */
  private flushBehind(): void {
    this.flushTimer ??= setTimeout(() => {
      this.flushTimer = undefined;
      void this.flushed();
    }, flushDelay);
  }

  private fail(problem: Problem): void {
    this.log.error(messageOf(problem));
    this.failed.fire(problem);
  }

  private elapsed(): number {
    return Math.round((performance.now() - this.receivedAt) * 1000) / 1000;
  }
}
