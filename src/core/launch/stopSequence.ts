import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { failure, success, type Result } from '../base/result';
import { shutdownServer } from '../redis/redisAdmin';
import { RedisFailure } from '../redis/redisFailure';
import { eitherSignal } from './eitherSignal';
import { endRefusal } from './endRefusal';
import { removeUnixSocket } from './freeUnixSocket';
import type { LaunchContext } from './launchContext';
import type { EndingBy } from './launchEvents';
import { livingProcesses, type EntityProcess } from './processesOfRun';
import { killQuietly, stateOfProcess } from './processIdentity';
import type { StartedProcess } from './startProcess';

/** One attempt to make processes end, and how long it may take to work, in milliseconds. */
interface Attempt {
  readonly by: EndingBy;
  /** Calls back when it knows that waiting is in vain. */
  readonly act: (inVain: () => void) => void;
  readonly wait: number;
}

/** Between two looks at processes that are not our children and so cannot tell of their end, in milliseconds. */
const lookDelay = 10;
/** The same at those that were killed, when they do not end: the pause grows to this. */
const slowestLook = 1000;

/**
 * Ends everything of the run: models first, since they use the databases, then the databases. An aborted `force`
 * goes straight to SIGKILL, at any moment. Fails when something does not end even by that: see `untilGone`.
 */
export async function stopEverything(context: LaunchContext, force: AbortSignal): Promise<Result<void>> {
  const all = [...context.processes.values()];
  const models = await tryModels(
    context,
    all.filter(({ entity }) => entity.kind === 'model'),
    force,
  );
  const shards = await tryShards(
    context,
    all.filter(({ entity }) => entity.kind === 'shard'),
    force,
  );
  await removeSockets(context);
  return verdictOn(context, [...models, ...shards]);
}

/** A server removes its socket when it ends in order. */
async function removeSockets({ plan, processes }: LaunchContext): Promise<void> {
  const started = plan.orchestrators
    .flatMap(({ shards }) => shards)
    .filter(({ name }) => processes.has(name));
  await Promise.all(
    started.flatMap(({ unixSocket }) => (unixSocket === undefined ? [] : [removeUnixSocket(unixSocket)])),
  );
}

/** Waits until these are gone that did not end in time, and kills them again and again, but slowly. */
export async function untilGone(
  context: LaunchContext,
  processes: readonly StartedProcess[] = [...context.processes.values()],
): Promise<void> {
  await killWithin(context, processes, Infinity);
  context.emit({ type: 'end-completed', names: processes.map(({ entity }) => entity.name) });
}

/** SIGTERM, and SIGKILL after the grace time, to each model's whole process group. Returns when they are gone. */
export async function endModels(
  context: LaunchContext,
  models: readonly StartedProcess[],
  force: AbortSignal,
): Promise<void> {
  const ended = verdictOn(context, await tryModels(context, models, force));
  if (!ended.ok) await untilGone(context, models);
}

/** A request to shut down, SIGTERM and SIGKILL, each when the one before does not help. Returns when they are gone. */
export async function endShards(
  context: LaunchContext,
  shards: readonly StartedProcess[],
  force: AbortSignal,
): Promise<void> {
  const ended = verdictOn(context, await tryShards(context, shards, force));
  if (!ended.ok) await untilGone(context, shards);
}

/** Tells of those that live although all was tried. */
function verdictOn(context: LaunchContext, left: readonly EntityProcess[]): Result<void> {
  if (left.length === 0) return success(undefined);
  const cause = endRefusal(left);
  context.emit({ type: 'end-refused', names: [...new Set(left.map(({ entity }) => entity))], cause });
  return failure(cause);
}

/** Gives what lives although all was tried. */
function tryModels(
  context: LaunchContext,
  models: readonly StartedProcess[],
  force: AbortSignal,
): Promise<readonly EntityProcess[]> {
  return tryAll(context, models, force, [
    {
      by: 'SIGTERM',
      act: () => {
        for (const { pid } of living(context, models)) {
          killQuietly(pid, 'SIGTERM');
          // One that was stopped could not follow otherwise.
          killQuietly(pid, 'SIGCONT');
        }
      },
      wait: context.limits.grace,
    },
  ]);
}

/** Gives what lives although all was tried. */
async function tryShards(
  context: LaunchContext,
  shards: readonly StartedProcess[],
  force: AbortSignal,
): Promise<readonly EntityProcess[]> {
  const wait = context.limits.shutdown;
  const left = await tryAll(context, shards, force, [
    {
      by: 'SHUTDOWN',
      act: (inVain) => {
        void shutDownAll(context, shards).then((followed) => {
          if (!followed) inVain();
        });
      },
      wait,
    },
    {
      by: 'SIGTERM',
      act: () => {
        for (const { pid } of living(context, shards)) killQuietly(pid, 'SIGTERM');
      },
      wait,
    },
  ]);
  for (const { entity } of shards) {
    context.connections.get(entity.name)?.dispose();
    context.connections.delete(entity.name);
  }
  return left;
}

/**
 * Asks the shards that live. True when each of them has ended; false when no more of them will by that: nobody
 * lived, or all are gone but for those who refused. They are waited for, since servers with data take their time.
 */
async function shutDownAll(context: LaunchContext, shards: readonly StartedProcess[]): Promise<boolean> {
  const asked = shards.filter(({ identity }) => stateOfProcess(identity) === 'alive');
  const outcomes = await Promise.allSettled(
    asked.map(async ({ entity, exitRecorded }) => {
      await shutDown(context, entity.name);
      await exitRecorded;
    }),
  );
  return asked.length > 0 && outcomes.every(({ status }) => status === 'fulfilled');
}

async function shutDown(context: LaunchContext, shard: string): Promise<void> {
  const connection = await context.connections.get(shard)?.get();
  if (connection === undefined) throw new RedisFailure(`${shard} has never answered`);
  await shutdownServer(connection);
}

/** Gives what lives although all was tried. */
async function tryAll(
  context: LaunchContext,
  processes: readonly StartedProcess[],
  force: AbortSignal,
  attempts: readonly Attempt[],
): Promise<readonly EntityProcess[]> {
  if (processes.length === 0) return [];
  for (const started of processes) {
    started.endRequested = true;
    context.onStep({ name: 'stopping', of: started.entity.name });
  }
  const names = processes.map(({ entity }) => entity.name);
  const attempt = (by: EndingBy): void => {
    context.emit({ type: 'end-attempted', names, by });
  };
  const completed = (): void => {
    context.emit({ type: 'end-completed', names });
  };
  for (const { by, act, wait } of attempts) {
    if (force.aborted) break;
    attempt(by);
    const vain = new AbortController();
    act(() => {
      vain.abort();
    });
    const enough = eitherSignal(force, vain.signal);
    if (await endWithin(context, processes, wait, enough)) {
      completed();
      return [];
    }
  }
  attempt('SIGKILL');
  const left = await killWithin(context, processes, context.limits.kill);
  if (left.length === 0) completed();
  return left;
}

/** Kills them for `limit` milliseconds, each time after a longer pause; gives those that live still. */
async function killWithin(
  context: LaunchContext,
  processes: readonly StartedProcess[],
  limit: number,
): Promise<readonly EntityProcess[]> {
  const deadline = performance.now() + limit;
  const recorded = new AbortController();
  void Promise.all(processes.map(({ exitRecorded }) => exitRecorded)).then(() => {
    recorded.abort();
  });
  for (let pause = lookDelay; ; pause = Math.min(2 * pause, slowestLook)) {
    const left = living(context, processes);
    if (left.length === 0 && recorded.signal.aborted) return [];
    if (left.length > 0 && performance.now() > deadline) return left;
    for (const { pid } of left) killQuietly(pid, 'SIGKILL');
    // Children tell of their end, so it is not slept through.
    const { signal } = recorded;
    await delay(pause, undefined, signal.aborted ? {} : { signal }).catch(() => undefined);
  }
}

/** True when all of them ended, and what they had started too; false after `limit` milliseconds or by force. */
async function endWithin(
  context: LaunchContext,
  processes: readonly StartedProcess[],
  limit: number,
  force?: AbortSignal,
): Promise<boolean> {
  const enough = new AbortController();
  const passed = once(enough.signal, 'abort').then(() => 'passed' as const);
  const stopWaiting = (): void => {
    enough.abort();
  };
  const timer = setTimeout(stopWaiting, limit);
  force?.addEventListener('abort', stopWaiting, { once: true });
  try {
    const leaders = Promise.all(processes.map(({ exitRecorded }) => exitRecorded));
    if ((await Promise.race([leaders, passed])) === 'passed') return false;
    while (living(context, processes).length > 0) {
      if (enough.signal.aborted) return false;
      await delay(lookDelay);
    }
    return true;
  } finally {
    clearTimeout(timer);
    force?.removeEventListener('abort', stopWaiting);
  }
}

function living(context: LaunchContext, processes: readonly StartedProcess[]): readonly EntityProcess[] {
  const entities = processes.map(({ entity, group }) => ({
    name: entity.name,
    ...(group === undefined ? {} : { group }),
  }));
  return livingProcesses(context.plan.runId, entities);
}
