import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { shutdownServer } from '../redis/redisAdmin';
import { RedisFailure } from '../redis/redisFailure';
import { eitherSignal } from './eitherSignal';
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

/**
 * Ends everything of the run: models first, since they use the databases, then the databases.
 * Returns when nothing is left. An aborted `force` goes straight to SIGKILL, at any moment.
 */
export async function stopEverything(context: LaunchContext, force: AbortSignal): Promise<void> {
  const all = [...context.processes.values()];
  await endModels(
    context,
    all.filter(({ entity }) => entity.kind === 'model'),
    force,
  );
  await endShards(
    context,
    all.filter(({ entity }) => entity.kind === 'shard'),
    force,
  );
}

/** SIGTERM, and SIGKILL after the grace time, to each model's whole process group. */
export async function endModels(
  context: LaunchContext,
  models: readonly StartedProcess[],
  force: AbortSignal,
): Promise<void> {
  await endAll(context, models, force, [
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

/** A request to shut down, SIGTERM and SIGKILL, each when the one before does not help. */
export async function endShards(
  context: LaunchContext,
  shards: readonly StartedProcess[],
  force: AbortSignal,
): Promise<void> {
  const wait = context.limits.shutdown;
  await endAll(context, shards, force, [
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

async function endAll(
  context: LaunchContext,
  processes: readonly StartedProcess[],
  force: AbortSignal,
  attempts: readonly Attempt[],
): Promise<void> {
  if (processes.length === 0) return;
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
    if (await endWithin(context, processes, wait, eitherSignal(force, vain.signal))) {
      completed();
      return;
    }
  }
  attempt('SIGKILL');
  // No limit here: SIGKILL cannot be refused, so whoever still is there is about to end.
  do {
    for (const { pid } of living(context, processes)) killQuietly(pid, 'SIGKILL');
  } while (!(await endWithin(context, processes, lookDelay * 10)));
  completed();
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
