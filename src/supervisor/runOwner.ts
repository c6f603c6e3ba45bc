import { setMaxListeners } from 'node:events';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { Deferred } from '../core/base/deferred';
import type { Log } from '../core/base/log';
import { messageOf, problem, type Problem } from '../core/base/problem';
import { eitherSignal } from '../core/launch/eitherSignal';
import type { LaunchContext, LaunchLimits, LaunchStep } from '../core/launch/launchContext';
import type { LaunchEvent } from '../core/launch/launchEvents';
import type { AdoptedProcesses } from '../core/launch/adoptedProcesses';
import { endStrays } from '../core/launch/endStrays';
import { calmClusters } from '../core/launch/cluster/calmClusters';
import { mendCluster } from '../core/launch/cluster/mendCluster';
import { restartShard } from '../core/launch/restartShard';
import { stageFiles } from '../core/launch/stageFiles';
import {
  stageModels,
  startModel,
  startModels,
  type KnownOutcomes,
  type Staging,
} from '../core/launch/startModels';
import { startOrchestrator } from '../core/launch/startOrchestrator';
import { endModels, stopEverything } from '../core/launch/stopSequence';
import type { DeploymentPlan, ModelPlan, OrchestratorPlan, ShardPlan } from '../core/plan/deploymentPlan';
import type { RedisCredentials } from '../core/redis/redisConnection';
import { adoptEntities } from '../core/run/adoptEntities';
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
  private readonly restarting = new Map<string, Promise<readonly Problem[]>>();
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

  /** Stops the model or shard if it runs, and starts it again. Asking again joins the restart under way. */
  async restart(name: string): Promise<readonly Problem[]> {
    const restart = this.restartOf(name);
    if (restart === undefined) {
      const names = [...this.plan.orchestrators.flatMap(({ shards }) => shards), ...this.plan.models];
      return [
        problem('no-such-model', { model: name, models: names.map((entity) => entity.name).join(', ') }),
      ];
    }
    if (this.life.signal.aborted) return [this.notLive()];
    return this.joined(name, restart);
  }

  /** One piece of work of a name at a time; asking again joins it. */
  private joined(name: string, work: () => Promise<readonly Problem[]>): Promise<readonly Problem[]> {
    const underWay = this.restarting.get(name);
    if (underWay !== undefined) return underWay;
    const done = this.whileLive(work).finally(() => {
      this.restarting.delete(name);
      this.endIfOver();
    });
    this.restarting.set(name, done);
    return done;
  }

  /** Brings the cluster of an orchestrator back to its plan. Asking again joins the repair under way. */
  async repair(identifier: string): Promise<readonly Problem[]> {
    const orchestrator = this.plan.orchestrators.find((one) => one.identifier === identifier);
    if (orchestrator?.clustered !== true) return [problem('no-such-cluster', { orchestrator: identifier })];
    const { phase } = this.recorder.snapshot;
    if (this.life.signal.aborted || (phase !== 'ready' && phase !== 'degraded')) return [this.notLive()];
    return this.joined(`cluster ${identifier}`, async () => {
      const mended = await mendCluster(this.context, orchestrator, this.runningNames(), this.life.signal);
      if (mended.ok) await this.measure();
      return mended.ok ? [] : mended.problems;
    });
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
    void calmClusters(this.context);
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
    const stopped = stopEverything(this.context, this.force.signal);
    await (this.adopted?.hurriedUntil(stopped) ?? stopped);
    if (this.adopted !== undefined) await endStrays(this.plan.runId);
    this.adopted?.dispose();
    this.recorder.record({ type: 'run-ended' });
    // It has reached the system; a disk that does not take it holds nobody up.
    await this.within(this.recorder.flushed());
    this.over.resolve();
  }

  /**
   * Nothing is started after the abort, so a step that hangs, in a file operation that never returns,
   * need not be waited for.
   */
  private async untilNothingStarts(): Promise<void> {
    await this.within(Promise.allSettled([this.launching, ...this.restarting.values()]));
  }

  /** Waits, but not longer than the limit, and by force only a moment. */
  private async within(promise: Promise<unknown>): Promise<void> {
    const done = new AbortController();
    const enough = eitherSignal(done.signal, this.force.signal);
    const limit = delay(this.context.limits.settle, undefined, { signal: enough }).catch(() => nextTurn());
    await Promise.race([promise, limit]);
    done.abort();
  }

  private restartOf(name: string): (() => Promise<readonly Problem[]>) | undefined {
    const model = this.plan.models.find((candidate) => candidate.name === name);
    if (model !== undefined) return () => this.restartModel(model);
    for (const orchestrator of this.plan.orchestrators) {
      const shard = orchestrator.shards.find((candidate) => candidate.name === name);
      if (shard !== undefined) return () => this.restartShard(orchestrator, shard);
    }
    return undefined;
  }

  /** A restart that the end of the run interrupts has not come about, and that is what is told. */
  private async whileLive(restart: () => Promise<readonly Problem[]>): Promise<readonly Problem[]> {
    try {
      return await restart();
    } catch (error) {
      if (!this.life.signal.aborted) throw error;
      return [this.notLive()];
    }
  }

  private async restartModel(model: ModelPlan): Promise<readonly Problem[]> {
    const before = this.context.processes.get(model.name);
    const state = this.recorder.snapshot.models.find(({ name }) => name === model.name);
    if (before === undefined && state?.status === 'New') {
      return [problem('model-still-waiting', { model: model.name })];
    }
    this.recorder.record({ type: 'model-restart-requested', model: model.name });
    const replaced = new Deferred<void>();
    try {
      if (before === undefined) {
        const found = await stageFiles(model, this.plan.file, this.life.signal);
        if (found !== undefined) return [found];
      } else {
        before.replacement = replaced.promise;
        const ended = endModels(this.context, [before], this.force.signal);
        await (this.adopted?.hurriedUntil(ended) ?? ended);
      }
      this.life.signal.throwIfAborted();
      const started = await startModel(this.context, model, this.life.signal);
      return started.ok ? [] : started.problems;
    } finally {
      replaced.resolve();
    }
  }

  private async restartShard(orchestrator: OrchestratorPlan, shard: ShardPlan): Promise<readonly Problem[]> {
    const { phase } = this.recorder.snapshot;
    if (phase !== 'ready' && phase !== 'degraded') {
      return [problem('shard-still-starting', { shard: shard.name })];
    }
    const signals = { life: this.life.signal, force: this.force.signal };
    const restarting = restartShard(this.context, orchestrator, shard, () => this.runningNames(), signals);
    const restarted = await (this.adopted?.hurriedUntil(restarting) ?? restarting);
    return restarted.ok ? [] : restarted.problems;
  }

  private notLive(): Problem {
    return problem('run-not-live', { id: this.plan.runId, experiment: this.plan.experiment });
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
    if (this.ending !== undefined || this.settling || this.restarting.size > 0) return;
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
