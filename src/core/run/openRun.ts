import { setTimeout as delay } from 'node:timers/promises';
import type { Event } from '../base/event';
import { problem, type Problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import type { RunSnapshot } from '../deployment/runSnapshot';
import { signalProcess, stateOfProcess } from '../launch/processIdentity';
import { answerLimit, isThere } from './answersInTime';
import { LiveRun } from './liveRun';
import type { Run } from './run';
import { isLost, runFromJournal, unreachableRun } from './runFromJournal';
import { isOwned } from './runOwnership';
import type { RunRecord } from './runRecord';
import { SupervisorClient } from './supervisorClient';
import { protocolVersion } from './supervisorProtocol';

/** The run of a record: live when its supervisor answers, else what its journal says, corrected by what lives. */
export async function openRun(record: RunRecord): Promise<Run> {
  if ((await isThere(record.runDirectory)) === undefined) {
    const cause = problem('run-not-reachable', {
      directory: record.runDirectory,
      seconds: answerLimit / 1000,
    });
    const away = unreadableRun(record, cause);
    return (await liveRun(record, away, record.socket)) ?? new RecordedRun(record, away);
  }
  const recorded = await runFromJournal(record.runDirectory, record.starter);
  if (!recorded.ok) {
    // Its supervisor knows more than a record that was damaged or removed under it.
    const unreadable = unreadableRun(record, recorded.problems[0]);
    return (
      (await liveRun(record, unreadable, record.socket)) ?? new RecordedRun(record, unreadable, 'unreadable')
    );
  }
  const snapshot = recorded.value;
  if (snapshot.endedAt === undefined && snapshot.socket !== undefined && snapshot.phase !== 'lost') {
    const live = await liveRun(record, snapshot, snapshot.socket);
    if (live !== undefined) return live;
    // It may have ended while we knocked.
    const again = await runFromJournal(record.runDirectory, record.starter);
    if (again.ok) return new RecordedRun(record, unreachableRun(again.value));
  }
  return new RecordedRun(record, snapshot);
}

/** The run over its supervisor; undefined when that does not answer. One that is too new can only be stopped. */
async function liveRun(
  record: RunRecord,
  snapshot: RunSnapshot,
  socket: string | undefined,
): Promise<Run | undefined> {
  const client = socket === undefined ? undefined : await SupervisorClient.connect(socket);
  if (socket === undefined || client === undefined) return undefined;
  const theirs = client.newerProtocol;
  if (theirs === undefined) return LiveRun.over(record, client);
  client.dispose();
  const cause = problem('supervisor-too-new', { theirs, ours: protocolVersion });
  return new RecordedRun(record, { ...snapshot, socket, cause });
}

/** Milliseconds for a supervisor to stop its run after a signal. */
const stopLimit = 120_000;

/** A run of which only the record is left. */
class RecordedRun implements Run {
  readonly live = false;
  readonly onDidChange: Event<Run> = () => ({ dispose: () => undefined });

  constructor(
    readonly record: RunRecord,
    private current: RunSnapshot,
    private readonly journal: 'read' | 'unreadable' = 'read',
  ) {}

  get snapshot(): RunSnapshot {
    return this.current;
  }

  measure(): Promise<void> {
    return Promise.resolve();
  }

  /**
   * A supervisor that lives but cannot be spoken to, for instance because its socket's folder was removed, is asked by
   * signal. What has lost its supervisor is ended from here.
   */
  async stop({ force }: { readonly force?: boolean } = {}): Promise<Result<RunSnapshot>> {
    const { cause, supervisor } = this.current;
    if (cause?.code === 'supervisor-too-new') return this.stopNewer(force === true);
    if (isLost(this.current) || this.journal === 'unreadable') return this.end(force === true);
    // Its supervisor has just claimed it, and has not recorded itself yet.
    if (cause === undefined && isOwned(this.record.runDirectory)) return this.end(force === true);
    if (cause?.code !== 'supervisor-unreachable' || supervisor === undefined) {
      return failure(cause ?? this.notLive());
    }
    signalProcess(supervisor, 'SIGTERM');
    // One that was stopped could not follow otherwise.
    signalProcess(supervisor, 'SIGCONT');
    const deadline = performance.now() + stopLimit;
    while (stateOfProcess(supervisor) === 'alive') {
      if (performance.now() > deadline) return failure(cause);
      await delay(10);
    }
    return this.readAgain();
  }

  restart(): Promise<Result<void>> {
    return Promise.resolve(failure(this.whyNotLive()));
  }

  repair(): Promise<Result<void>> {
    return Promise.resolve(failure(this.whyNotLive()));
  }

  dispose(): void {
    // Holds nothing.
  }

  private async end(force: boolean): Promise<Result<RunSnapshot>> {
    // Loaded when it is needed: it brings the Redis client along.
    const { endLostRun } = await import('./endLostRun');
    for (;;) {
      const ended = await endLostRun(this.record, force);
      if (ended.ok) this.current = ended.value;
      if (ended.ok || ended.problems[0]?.code !== 'run-owned') return ended;
      const other = await openOfOwner(this.record);
      if (other.live) return this.stopOver(other, force);
      if (other.snapshot.endedAt !== undefined) return success(other.snapshot);
      // An owner that is gone again without having ended the run leaves that to us.
      if (isOwned(this.record.runDirectory)) return ended;
    }
  }

  /** Somebody has taken the run over meanwhile, and can be spoken to. */
  private async stopOver(other: Run, force: boolean): Promise<Result<RunSnapshot>> {
    const stopped = await other.stop({ force });
    this.current = other.snapshot;
    other.dispose();
    return stopped;
  }

  private async stopNewer(force: boolean): Promise<Result<RunSnapshot>> {
    const client = await SupervisorClient.connect(this.current.socket ?? '');
    if (client === undefined) return this.readAgain();
    const reply = await client.stop({ force });
    client.dispose();
    if (!reply.ok) return reply;
    this.current = reply.value.run;
    return success(this.current);
  }

  private async readAgain(): Promise<Result<RunSnapshot>> {
    const recorded = await runFromJournal(this.record.runDirectory);
    if (recorded.ok) this.current = recorded.value;
    return recorded;
  }

  /** What runs without a supervisor is not to be launched again. */
  private whyNotLive(): Problem {
    const { endedAt, cause } = this.current;
    return endedAt === undefined && cause !== undefined ? cause : this.notLive();
  }

  private notLive(): Problem {
    return problem('run-not-live', { id: this.record.id, experiment: this.record.experiment });
  }
}

/** The run when its owner, who may just have claimed it, can be spoken to, or is gone. */
async function openOfOwner(record: RunRecord): Promise<Run> {
  const deadline = performance.now() + stopLimit;
  for (;;) {
    const run = await openRun(record);
    if (run.live || !isOwned(record.runDirectory) || performance.now() > deadline) return run;
    await delay(10);
  }
}

/** What is known of a run whose journal cannot be read: its record, and why. */
function unreadableRun(record: RunRecord, cause: Problem | undefined): RunSnapshot {
  const { id, experiment, file, runDirectory, host, createdAt } = record;
  return {
    id,
    experiment,
    file,
    directory: '',
    runDirectory,
    host,
    phase: 'lost',
    ...(cause === undefined ? {} : { cause }),
    startedAt: createdAt,
    orchestrators: [],
    models: [],
    sequence: 0,
  };
}
