import { Deferred } from '../core/base/deferred';
import { problem, type Problem } from '../core/base/problem';
import type { RunSnapshot } from '../core/deployment/runSnapshot';
import { mendCluster } from '../core/launch/cluster/mendCluster';
import type { LaunchContext } from '../core/launch/launchContext';
import { restartShard } from '../core/launch/restartShard';
import { resumeOrchestrator } from '../core/launch/resumeOrchestrator';
import { stageFiles } from '../core/launch/stageFiles';
import { startModel } from '../core/launch/startModels';
import { endModels } from '../core/launch/stopSequence';
import type { ModelPlan, OrchestratorPlan, ShardPlan } from '../core/plan/deploymentPlan';

/** The run that is worked on. */
export interface MaintainedRun {
  readonly context: LaunchContext;
  /** Aborted when nothing may be started any more. */
  readonly life: AbortSignal;
  /** Aborted when nothing waits for an orderly end any more. */
  readonly force: AbortSignal;
  snapshot: () => RunSnapshot;
  /** Names of the shards that run. */
  running: () => ReadonlySet<string>;
  /** Waits for work that ends processes; those of an adopted run have to be looked for meanwhile. */
  hurried: <T>(work: Promise<T>) => Promise<T>;
  /** Called whenever a piece of work is done. */
  onDone: () => void;
}

type Work = () => Promise<readonly Problem[]>;

/**
 * Work on parts of a run that lives: restarts of models and shards, repairs of clusters. Asking again for what is under
 * way joins it; different work at one orchestrator is done in turn, since a shard that ends for its restart would
 * look like damage to whoever mends the cluster.
 */
export class Maintenance {
  private readonly underWay = new Map<string, Promise<readonly Problem[]>>();
  /** The last piece of work of each orchestrator. */
  private readonly turns = new Map<OrchestratorPlan, Promise<unknown>>();

  constructor(private readonly run: MaintainedRun) {}

  get busy(): boolean {
    return this.underWay.size > 0;
  }

  /** Settles when all that is under way now is done. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.underWay.values());
  }

  /** Stops the model or shard if it runs, and starts it again. Asking again joins the restart under way. */
  async restart(name: string): Promise<readonly Problem[]> {
    const restart = this.restartOf(name);
    if (restart === undefined) {
      const { orchestrators, models } = this.run.context.plan;
      const names = [...orchestrators.flatMap(({ shards }) => shards), ...models];
      return [
        problem('no-such-model', { model: name, models: names.map((entity) => entity.name).join(', ') }),
      ];
    }
    if (this.run.life.aborted) return [this.notLive()];
    return this.joined(name, restart);
  }

  /** Brings the cluster of an orchestrator back to its plan. Asking again joins the repair under way. */
  async repair(identifier: string): Promise<readonly Problem[]> {
    const { plan } = this.run.context;
    const orchestrator = plan.orchestrators.find((one) => one.identifier === identifier);
    if (orchestrator?.clustered !== true) return [problem('no-such-cluster', { orchestrator: identifier })];
    if (this.run.life.aborted || !this.isUp()) return [this.notLive()];
    return this.joined(
      workOnWhole(identifier),
      this.inTurn(orchestrator, async () => {
        const mended = await mendCluster(this.run.context, orchestrator, this.run.running(), this.run.life);
        return mended.ok ? [] : mended.problems;
      }),
    );
  }

  /**
   * Goes on with what a supervisor was doing when it was killed: every shard of such an orchestrator may run
   * without the whole being ready. What does not come about shows in its state.
   */
  resume(): void {
    const { context, life } = this.run;
    if (life.aborted) return;
    for (const [index, orchestrator] of context.plan.orchestrators.entries()) {
      if (this.run.snapshot().orchestrators[index]?.phase !== 'degraded') continue;
      const resume = async (): Promise<readonly Problem[]> => {
        const resumed = await resumeOrchestrator(context, orchestrator, this.run.running(), life);
        return resumed.ok ? [] : resumed.problems;
      };
      void this.joined(workOnWhole(orchestrator.identifier), this.inTurn(orchestrator, resume));
    }
  }

  /** One piece of work of a name at a time; asking again joins it. */
  private joined(name: string, work: Work): Promise<readonly Problem[]> {
    const underWay = this.underWay.get(name);
    if (underWay !== undefined) return underWay;
    const done = this.whileLive(work).finally(() => {
      this.underWay.delete(name);
      this.run.onDone();
    });
    this.underWay.set(name, done);
    return done;
  }

  private inTurn(orchestrator: OrchestratorPlan, work: Work): Work {
    return () => {
      const before = this.turns.get(orchestrator) ?? Promise.resolve();
      const turn = before.then(() => {
        this.run.life.throwIfAborted();
        return work();
      });
      this.turns.set(
        orchestrator,
        turn.catch(() => undefined),
      );
      return turn;
    };
  }

  /** What the end of the run interrupts has not come about, and that is what is told. */
  private async whileLive(work: Work): Promise<readonly Problem[]> {
    try {
      return await work();
    } catch (error) {
      if (!this.run.life.aborted) throw error;
      return [this.notLive()];
    }
  }

  private restartOf(name: string): Work | undefined {
    const { orchestrators, models } = this.run.context.plan;
    const model = models.find((candidate) => candidate.name === name);
    if (model !== undefined) return () => this.restartModel(model);
    for (const orchestrator of orchestrators) {
      const shard = orchestrator.shards.find((candidate) => candidate.name === name);
      if (shard !== undefined) return this.inTurn(orchestrator, () => this.restartShard(orchestrator, shard));
    }
    return undefined;
  }

  private async restartModel(model: ModelPlan): Promise<readonly Problem[]> {
    const { context, life, force } = this.run;
    const before = context.processes.get(model.name);
    const state = this.run.snapshot().models.find(({ name }) => name === model.name);
    if (before === undefined && state?.status === 'New') {
      return [problem('model-still-waiting', { model: model.name })];
    }
    context.emit({ type: 'model-restart-requested', model: model.name });
    const replaced = new Deferred<void>();
    try {
      if (before === undefined) {
        const found = await stageFiles(model, context.plan.file, life);
        if (found !== undefined) return [found];
      } else {
        before.replacement = replaced.promise;
        await this.run.hurried(endModels(context, [before], force));
      }
      life.throwIfAborted();
      const started = await startModel(context, model, life);
      return started.ok ? [] : started.problems;
    } finally {
      replaced.resolve();
    }
  }

  private async restartShard(orchestrator: OrchestratorPlan, shard: ShardPlan): Promise<readonly Problem[]> {
    if (!this.isUp()) return [problem('shard-still-starting', { shard: shard.name })];
    const { context, life, force, running } = this.run;
    const restarted = await this.run.hurried(
      restartShard(context, orchestrator, shard, running, { life, force }),
    );
    return restarted.ok ? [] : restarted.problems;
  }

  private isUp(): boolean {
    const { phase } = this.run.snapshot();
    return phase === 'ready' || phase === 'degraded';
  }

  private notLive(): Problem {
    const { runId, experiment } = this.run.context.plan;
    return problem('run-not-live', { id: runId, experiment });
  }
}

/** Not the name of a shard or model. */
function workOnWhole(identifier: string): string {
  return `orchestrator ${identifier}`;
}
