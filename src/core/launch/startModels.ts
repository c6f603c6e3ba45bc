import { problem, type Problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import type { ModelPlan } from '../plan/deploymentPlan';
import { modelEndProblem } from './ending';
import type { LaunchContext } from './launchContext';
import { linkOutputs, stageFiles } from './stageFiles';
import { startProcess, type StartedProcess } from './startProcess';

/** What became of a model; undefined: it was not started. */
export type Outcome = StartedProcess | undefined;

export interface ModelsLaunch {
  /** Every model that need not wait for the end of another was started, or skipped. */
  readonly launched: Promise<void>;
  /** Every model was started, or skipped. Rejects with the signal's reason when aborted. */
  readonly settled: Promise<void>;
}

/** Models that had their turn under a supervisor before this one, by name. */
export type KnownOutcomes = ReadonlyMap<string, Outcome>;

/** The staging of each model by name, so that it can go on while the servers start. */
export type Staging = ReadonlyMap<string, Promise<Problem | undefined>>;

/** `known`: models that need none, for they had their turn. */
export function stageModels(
  context: LaunchContext,
  signal: AbortSignal,
  known: KnownOutcomes = new Map(),
): Staging {
  const staging = new Map<string, Promise<Problem | undefined>>();
  for (const model of context.plan.models) {
    if (known.has(model.name)) continue;
    const done = stageFiles(model, context.plan.file, signal).then(async (found) => {
      if (found === undefined) await linkOutputs(model, context.log);
      context.onStep({ name: 'staged', of: model.name });
      return found;
    });
    // Whoever starts the model awaits it; after an abort nobody does.
    done.catch(() => undefined);
    staging.set(model.name, done);
  }
  return staging;
}

/** Starts the models in the plan's order, each as soon as what it waits for allows; not those that are `known`. */
export function startModels(
  context: LaunchContext,
  staging: Staging,
  signal: AbortSignal,
  known: KnownOutcomes = new Map(),
): ModelsLaunch {
  const outcomes = new Map<string, Promise<Outcome>>();
  const prompt: Promise<Outcome>[] = [];
  const waiting = new Set<string>();
  let previous: Promise<unknown> = Promise.resolve();
  for (const model of context.plan.models) {
    if (known.has(model.name)) {
      outcomes.set(model.name, Promise.resolve(known.get(model.name)));
      continue;
    }
    const waits = model.dependsOn.some(
      ({ model: name, condition }) => condition === 'completed' || waiting.has(name),
    );
    if (waits) waiting.add(model.name);
    const turn = waits ? Promise.resolve() : previous;
    const outcome = turn.then(() => startWhenAllowed(context, model, { staging, outcomes, signal }));
    outcomes.set(model.name, outcome);
    if (!waits) {
      previous = outcome;
      prompt.push(outcome);
    }
  }
  const launched = allEnded(prompt);
  const settled = allEnded([...outcomes.values()]);
  // Both are awaited one after the other; an abort in between must not count as unhandled.
  launched.catch(() => undefined);
  settled.catch(() => undefined);
  return { launched, settled };
}

/** Unlike `Promise.all` it does not reject while others still go on: after an abort nothing must be under way. */
async function allEnded(promises: readonly Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(promises)) {
    if (result.status === 'rejected') throw result.reason;
  }
}

interface ModelsInProgress {
  readonly staging: Staging;
  readonly outcomes: ReadonlyMap<string, Promise<Outcome>>;
  readonly signal: AbortSignal;
}

async function startWhenAllowed(
  context: LaunchContext,
  model: ModelPlan,
  progress: ModelsInProgress,
): Promise<Outcome> {
  for (const { model: dependency, condition } of model.dependsOn) {
    const unmet = await unmetDependency(context, dependency, condition, progress);
    progress.signal.throwIfAborted();
    if (unmet === undefined) continue;
    const cause = problem(
      'dependency-not-met',
      { model: model.name, dependency, state: unmet },
      { place: { file: context.plan.file, path: model.at } },
    );
    context.emit({ type: 'model-skipped', model: model.name, cause });
    return undefined;
  }
  const found = await progress.staging.get(model.name);
  progress.signal.throwIfAborted();
  if (found !== undefined) {
    context.emit({ type: 'process-not-started', entity: { kind: 'model', name: model.name }, cause: found });
    return undefined;
  }
  const started = await startModel(context, model, progress.signal);
  return started.ok ? started.value : undefined;
}

/** What keeps the dependent from being started, in words; undefined: nothing. */
async function unmetDependency(
  context: LaunchContext,
  dependency: string,
  condition: 'started' | 'completed',
  { outcomes, signal }: ModelsInProgress,
): Promise<string | undefined> {
  const started = await outcomes.get(dependency);
  if (started === undefined) return 'was not started';
  if (condition === 'started') return undefined;
  for (;;) {
    const latest = context.processes.get(dependency) ?? started;
    const exit = await untilAborted(latest.exitRecorded, signal);
    if (latest.replacement !== undefined) await untilAborted(latest.replacement, signal);
    // Started again meanwhile: the new process counts.
    if (context.processes.get(dependency) !== latest) continue;
    if (exit.requested) return 'was stopped';
    if (exit.returnCode === null && exit.signal === null) return 'ended unseen';
    return exit.returnCode === 0 ? undefined : 'failed';
  }
}

/** Starts a model whose directory is ready. */
export async function startModel(
  context: LaunchContext,
  model: ModelPlan,
  signal: AbortSignal,
): Promise<Result<StartedProcess>> {
  const { file } = context.plan;
  const started = await startProcess(
    context,
    {
      entity: { kind: 'model', name: model.name },
      argv: model.argv,
      directory: model.directory,
      environment: model.environment,
      out: model.out,
      err: model.err,
      explainEnd: (end) => modelEndProblem(model, file, end),
    },
    signal,
  );
  return started.ok ? success(started.value) : failure(...started.problems);
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}
