import { setMaxListeners } from 'node:events';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { Deferred } from '../core/base/deferred';
import type { Log } from '../core/base/log';
import { messageOf, problem, type Problem } from '../core/base/problem';
import { eitherSignal } from '../core/launch/eitherSignal';
import type { LaunchContext, LaunchLimits, LaunchStep } from '../core/launch/launchContext';
import type { LaunchEvent } from '../core/launch/launchEvents';
import type { AdoptedProcesses } from '../core/launch/adoptedProcesses';
import { calmClusters } from '../core/launch/cluster/calmClusters';
import { endStrays } from '../core/launch/endStrays';
import { stageModels, startModels, type KnownOutcomes, type Staging } from '../core/launch/startModels';
import { startOrchestrator } from '../core/launch/startOrchestrator';
import { stopEverything, untilGone } from '../core/launch/stopSequence';
import type { DeploymentPlan } from '../core/plan/deploymentPlan';
import type { RedisCredentials } from '../core/redis/redisConnection';
import { adoptEntities } from '../core/run/adoptEntities';
import { Maintenance } from './maintenance';
import { portTakenBy } from './portTaken';
import type { RunSnapshot } from '../core/deployment/runSnapshot';
import type { RunRecorder } from '../core/run/runRecorder';
import { ShardWatch, type WatchedShard } from './shardWatch';

export interface RunOwnerOptions {
  readonly plan: DeploymentPlan;
  readonly environment: Readonly<Record<string, string>>;
  /** Of the servers' own user for us, where they have one. */
  readonly credentials: RedisCredentials | undefined;
  readonly recorder: RunRecorder;
  readonly limits: LaunchLimits;
  readonly log: Log;
  readonly onStep?: (step: LaunchStep) => void;
}

/** Owns the processes of one run, from the launch to the end. */
export class RunOwner {
  private readonly context: LaunchContext;
  private readonly plan: DeploymentPlan;
  private readonly recorder: RunRecorder;
  private readonly log: Log;
  /** Aborted when nothing may be started any more. */
  private readonly life = new AbortController();
  private readonly force = new AbortController();
  private readonly servers = new Deferred<void>();
  private readonly over = new Deferred<void>();
  private launching: Promise<void> = Promise.resolve();
  /** Models may still have to be started, because they wait for others to complete. */
  private settling = true;
  private ending: Promise<void> | undefined;
  /** In a run that was adopted. */
  private adopted: AdoptedProcesses | undefined;
  private journalProblem: Problem | undefined;
  private readonly maintenance: Maintenance;
  private readonly watch: ShardWatch;

  /** Resolves when all servers have answered, or the launch has failed. */
  readonly serversSettled = this.servers.promise;
  /** Resolves when nothing of the run is left and that is recorded. */
  readonly ended = this.over.promise;

  constructor({ plan, environment, credentials, recorder, limits, log, onStep }: RunOwnerOptions) {
    this.plan = plan;
    this.recorder = recorder;
    this.log = log;
    this.context = {
      plan,
      environment,
      credentials,
      emit: (event) => {
        this.emit(event);
      },
      processes: new Map(),
      connections: new Map(),
      portTakenBy: (shard, place) => portTakenBy(plan, shard, place),
      limits,
      log,
      onStep: onStep ?? (() => undefined),
    };
    setMaxListeners(0, this.life.signal, this.force.signal);
    this.maintenance = new Maintenance({
      context: this.context,
      life: this.life.signal,
      force: this.force.signal,
      snapshot: () => recorder.snapshot,
      running: () => this.runningNames(),
      hurried: (work) => this.hurried(work),
      onDone: () => {
        this.endIfOver();
      },
    });
    this.watch = new ShardWatch(
      () => this.runningShards(),
      limits.look,
      (look) => {
        recorder.tell({ type: 'shards-measured', ...look });
      },
    );
    recorder.onDidFail((cause) => {
      // Once launched, a run goes on without its record being complete; before, it is given up.
      this.journalProblem ??= cause;
      if (this.recorder.snapshot.phase === 'starting') this.life.abort();
    });
  }

  /** Starts everything, once. Failures are events; what is thrown is a bug. */
  launch(): Promise<void> {
    this.launching = this.startEverything();
    return this.launching;
  }

  /**
   * In place of `launch`: goes on with a run whose supervisor was killed. What it had started is in the
   * record; a launch that it had not finished is rolled back, and a stop is finished.
   */
  adopt(): Promise<void> {
    this.launching = this.takeOver();
    return this.launching;
  }

  /** Ends everything. Asking again joins the stop under way; `force` speeds it up at any moment. */
  async stop(options: { readonly force?: boolean } = {}): Promise<void> {
    if (options.force === true) this.force.abort();
    if (this.ending === undefined) {
      this.recorder.record({ type: 'stop-requested' });
      this.life.abort();
      this.ending = this.end();
    }
    await this.ending;
  }

  /** See `Maintenance`. */
  restart(name: string): Promise<readonly Problem[]> {
    return this.maintenance.restart(name);
  }

  /** See `Maintenance`. */
  async repair(identifier: string): Promise<readonly Problem[]> {
    const problems = await this.maintenance.repair(identifier);
    if (problems.length === 0) await this.measure();
    return problems;
  }

  /** Asks every running shard how it is, and tells the answers as an event. Settles in any case, also when shards do not answer. */
  measure(): Promise<void> {
    return this.watch.ask();
  }

  private runningShards(): readonly WatchedShard[] {
    return this.plan.orchestrators.flatMap((orchestrator, index) =>
      (this.recorder.snapshot.orchestrators[index]?.shards ?? []).flatMap(({ name, status, identity }) => {
        const connection = this.context.connections.get(name);
        if (status !== 'Running' || identity === undefined || connection === undefined) return [];
        return [{ name, pid: identity.pid, connection, orchestrator }];
      }),
    );
  }

  private runningNames(): ReadonlySet<string> {
    return new Set(this.runningShards().map(({ name }) => name));
  }

  private async startEverything(): Promise<void> {
    const { signal } = this.life;
    let staging: Staging = new Map();
    try {
      const orchestrators = this.plan.orchestrators.map((orchestrator) =>
        startOrchestrator(this.context, orchestrator, signal),
      );
      // The servers boot meanwhile.
      staging = stageModels(this.context, signal);
      const outcomes = await Promise.allSettled(orchestrators);
      this.servers.resolve();
      signal.throwIfAborted();
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') throw outcome.reason;
        const [cause] = outcome.value.problems;
        if (!outcome.value.ok && cause !== undefined) {
          this.giveUp(cause);
          return;
        }
      }
      const models = startModels(this.context, staging, signal);
      try {
        await models.launched;
        this.holdConnections();
        signal.throwIfAborted();
        this.recorder.record({ type: 'launch-finished' });
        this.context.onStep({ name: 'launched', of: this.plan.experiment });
      } finally {
        await models.settled;
      }
      this.settling = false;
      this.endIfOver();
    } catch (error) {
      await Promise.allSettled(staging.values());
      if (!signal.aborted) throw error;
      if (this.ending === undefined) {
        this.giveUp(
          problem('journal-failing', {
            reason: this.journalProblem === undefined ? 'unknown' : messageOf(this.journalProblem),
            path: this.plan.runDirectory,
          }),
        );
      }
    }
  }

  private async takeOver(): Promise<void> {
    this.servers.resolve();
    const { phase } = this.recorder.snapshot;
    this.adopted = adoptEntities(this.context, this.recorder.snapshot);
    if (phase === 'starting') {
      this.giveUp(problem('launch-interrupted'));
      return;
    }
    if (phase !== 'ready' && phase !== 'degraded') {
      this.life.abort();
      this.ending = this.end();
      return;
    }
    this.holdConnections();
    // First on every connection: what is resumed may hurry a cluster again.
    void calmClusters(this.context);
    this.maintenance.resume();
    const { signal } = this.life;
    const known = outcomesOf(this.recorder.snapshot, this.context);
    try {
      await startModels(this.context, stageModels(this.context, signal, known), signal, known).settled;
      this.settling = false;
      this.endIfOver();
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /**
   * Held from the start of the models on: a server whose clients are too many to take another can still be
   * asked to end. Not before, since the first connection costs as much time as a server needs to start.
   */
  private holdConnections(): void {
    for (const held of this.context.connections.values()) held.get().catch(() => undefined);
  }

  /** The launch has failed: what was started is stopped. */
  private giveUp(cause: Problem): void {
    if (this.ending !== undefined) return;
    this.recorder.record({ type: 'launch-failed', cause });
    this.life.abort();
    this.ending = this.end();
  }

  private async end(): Promise<void> {
    // Whatever is being started must be known before it is stopped.
    await this.untilNothingStarts();
    await this.untilNothingIsLeft();
    this.adopted?.dispose();
    this.recorder.record({ type: 'run-ended' });
    // It has reached the system; a disk that does not take it holds nobody up.
    await this.within(this.recorder.flushed());
    this.over.resolve();
  }

  /** However long that takes: a run is not over while something of it lives. */
  private async untilNothingIsLeft(): Promise<void> {
    const stopped = await this.hurried(stopEverything(this.context, this.force.signal));
    if (!stopped.ok) await untilGone(this.context);
    if (this.adopted === undefined) return;
    for (;;) {
      const [cause] = (await endStrays(this.plan.runId, this.context.limits.kill)).problems;
      if (cause === undefined) return;
      this.recorder.record({ type: 'end-refused', names: [], cause });
    }
  }

  private hurried<T>(work: Promise<T>): Promise<T> {
    return this.adopted?.hurriedUntil(work) ?? work;
  }

  /**
   * Nothing is started after the abort, so a step that hangs, in a file operation that never returns,
   * need not be waited for.
   */
  private async untilNothingStarts(): Promise<void> {
    await this.within(Promise.allSettled([this.launching, this.maintenance.settled()]));
  }

  /** Waits, but not longer than the limit, and by force only a moment. */
  private async within(promise: Promise<unknown>): Promise<void> {
    const done = new AbortController();
    const enough = eitherSignal(done.signal, this.force.signal);
    const limit = delay(this.context.limits.settle, undefined, { signal: enough }).catch(() => nextTurn());
    await Promise.race([promise, limit]);
    done.abort();
  }

  private emit(event: LaunchEvent): void {
    this.recorder.record(event);
    // After the process is known to have ended, so that the sweep finds it so.
    if (event.type === 'process-exited')
      setImmediate(() => {
        this.endIfOver();
      });
  }

  /** A run in which nothing lives and nothing will be started has ended by itself. */
  private endIfOver(): void {
    if (this.ending !== undefined || this.settling || this.maintenance.busy) return;
    const { orchestrators, models } = this.recorder.snapshot;
    const entities = [...orchestrators.flatMap(({ shards }) => shards), ...models];
    if (entities.some(({ status }) => status === 'Running')) return;
    this.log.info('Everything has ended.');
    this.life.abort();
    this.ending = this.end();
  }
}

/** Every model of an adopted run that had its turn already. */
function outcomesOf({ models }: RunSnapshot, { processes }: LaunchContext): KnownOutcomes {
  const had = models.filter(({ status }) => status !== 'New');
  return new Map(had.map(({ name }) => [name, processes.get(name)]));
}
