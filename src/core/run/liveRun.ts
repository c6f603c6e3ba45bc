import { setTimeout as delay } from 'node:timers/promises';
import { Deferred } from '../base/deferred';
import { Emitter } from '../base/event';
import { OneAtATime } from '../base/oneAtATime';
import { problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import { reduceRun } from '../deployment/reduceRun';
import type { RecordedEvent } from '../deployment/runEvents';
import type { RunSnapshot } from '../deployment/runSnapshot';
import { stateOfProcess } from '../launch/processIdentity';
import { isKnown } from './journal';
import type { Run } from './run';
import { isLost, runFromJournal, unreachableRun } from './runFromJournal';
import type { RunRecord } from './runRecord';
import type { SupervisorClient } from './supervisorClient';
import type { RestartReply, StopReply } from './supervisorProtocol';

/** Milliseconds for a supervisor to end after its last answer. */
const supervisorEndLimit = 5000;

/** A run whose supervisor is connected: the snapshot follows its events. */
export class LiveRun implements Run {
  private readonly changed = new Emitter<Run>();
  readonly onDidChange = this.changed.event;
  /** However often it is refreshed, one question is under way and one waits. */
  private readonly looks = new OneAtATime(async () => {
    await this.client.measure();
  });
  private connected = true;
  private disposed = false;
  private current: RunSnapshot;

  private constructor(
    readonly record: RunRecord,
    private readonly client: SupervisorClient,
    first: RunSnapshot,
  ) {
    this.current = first;
  }

  /** undefined: the supervisor does not answer as it should; the client is then disposed of. */
  static async over(record: RunRecord, client: SupervisorClient): Promise<LiveRun | undefined> {
    const early: RecordedEvent[] = [];
    const whileSubscribing = client.onDidReceive((event) => early.push(event));
    const reply = await client.subscribe();
    whileSubscribing.dispose();
    if (!reply.ok) {
      client.dispose();
      return undefined;
    }
    const run = new LiveRun(record, client, reply.value.run);
    for (const event of early) run.follow(event);
    client.onDidReceive((event) => {
      run.follow(event);
    });
    client.onDidClose(() => {
      void run.disconnected();
    });
    return run;
  }

  get snapshot(): RunSnapshot {
    return this.current;
  }

  /** Not after the end of the run, although the supervisor is connected for a moment more. */
  get live(): boolean {
    return this.connected && this.current.endedAt === undefined;
  }

  async measure(): Promise<void> {
    if (this.live) await this.looks.run();
  }

  async stop(options: { readonly force?: boolean } = {}): Promise<Result<RunSnapshot>> {
    if (!this.connected) return this.stopWithoutSupervisor(options.force === true);
    const reply = await this.stopped(options.force === true);
    if (!reply.ok && this.current.unended !== undefined) return reply;
    await this.untilSupervisorEnded();
    if (reply.ok) return this.arrivedAt(reply.value.run);
    // The supervisor ends right after the run, and may have been quicker than its answer; or it was killed.
    const recorded = await runFromJournal(this.record.runDirectory);
    if (recorded.ok && isLost(recorded.value)) return this.endLost(options.force === true);
    if (recorded.ok && recorded.value.endedAt !== undefined) return this.arrivedAt(recorded.value);
    return failure(...reply.problems);
  }

  async restart(name: string): Promise<Result<void>> {
    if (!this.live) return failure(this.notLive());
    return done(await this.client.restart({ model: name }));
  }

  async repair(orchestrator: string): Promise<Result<void>> {
    if (!this.live) return failure(this.notLive());
    return done(await this.client.repair({ orchestrator }));
  }

  dispose(): void {
    this.disposed = true;
    this.connected = false;
    this.changed.dispose();
    this.client.dispose();
  }

  /** Asks for the stop. A supervisor answers when nothing is left; one that cannot come so far tells why meanwhile. */
  private async stopped(force: boolean): Promise<Result<StopReply>> {
    const refused = new Deferred<Result<StopReply>>();
    const look = ({ snapshot: { phase, unended } }: Run): void => {
      // Before the stop, a restart may have met the same.
      if (phase === 'ready' || phase === 'degraded') return;
      if (unended !== undefined) refused.resolve(failure(unended));
    };
    const watching = this.onDidChange(look);
    look(this);
    try {
      return await Promise.race([this.client.stop({ force }), refused.promise]);
    } finally {
      watching.dispose();
    }
  }

  /** After its last answer a supervisor only closes its files; a run is over when it is gone as well. */
  private async untilSupervisorEnded(): Promise<void> {
    const { supervisor } = this.current;
    const deadline = performance.now() + supervisorEndLimit;
    while (supervisor !== undefined && stateOfProcess(supervisor) === 'alive') {
      if (performance.now() > deadline) return;
      await delay(2);
    }
  }

  private async stopWithoutSupervisor(force: boolean): Promise<Result<RunSnapshot>> {
    if (isLost(this.current)) return this.endLost(force);
    const recorded = await runFromJournal(this.record.runDirectory);
    if (!recorded.ok) return recorded;
    return recorded.value.endedAt === undefined ? failure(this.notLive()) : recorded;
  }

  private async endLost(force: boolean): Promise<Result<RunSnapshot>> {
    // Loaded when it is needed: it brings the Redis client along.
    const { endLostRun } = await import('./endLostRun');
    const ended = await endLostRun(this.record, force);
    return ended.ok ? this.arrivedAt(ended.value) : ended;
  }

  /** An answer may be quicker than the events that led to it. */
  private arrivedAt(snapshot: RunSnapshot): Result<RunSnapshot> {
    this.current = snapshot;
    this.changed.fire(this);
    return success(snapshot);
  }

  private notLive(): ReturnType<typeof problem> {
    return problem('run-not-live', { id: this.record.id, experiment: this.record.experiment });
  }

  private follow(event: RecordedEvent): void {
    if (!isKnown(event.event)) return;
    const isVolatile = event.event.type === 'shards-measured';
    if (!isVolatile && event.sequence <= this.current.sequence) return;
    this.current = reduceRun(this.current, event);
    this.changed.fire(this);
  }

  private async disconnected(): Promise<void> {
    if (this.disposed) return;
    let last = this.current;
    if (last.endedAt === undefined) {
      // A process that is killed closes its sockets a moment before it is gone.
      await this.untilSupervisorEnded();
      const recorded = await runFromJournal(this.record.runDirectory);
      if (recorded.ok) last = unreachableRun(recorded.value);
    }
    this.current = last;
    this.connected = false;
    this.changed.fire(this);
  }
}

/** A reply that tells what went wrong, if anything. */
function done(reply: Result<RestartReply>): Result<void> {
  if (!reply.ok) return reply;
  return reply.value.problems.length > 0 ? failure(...reply.value.problems) : success(undefined);
}
