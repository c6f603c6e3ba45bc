import { setTimeout as delay } from 'node:timers/promises';
import type { RunSnapshot } from '../deployment/runSnapshot';
import { defaultLimits } from '../launch/launchContext';
import { isOfThisBoot, killQuietly, stateOfProcess } from '../launch/processIdentity';
import { livingProcesses } from '../launch/processesOfRun';

/** Between two looks at processes that are about to end, in milliseconds. */
const lookDelay = 10;

type Entity = RunSnapshot['models'][number] | RunSnapshot['orchestrators'][number]['shards'][number];

/** Shards and models of a recorded run whose very processes run, in words: `sim (process 12), other (process 13)`; empty: none. */
export function stillRunning(run: RunSnapshot): string {
  return [...shardsOf(run), ...run.models]
    .flatMap(({ name, identity, status }) =>
      status === 'Running' && identity !== undefined && stateOfProcess(identity) === 'alive'
        ? [`${name} (process ${identity.pid})`]
        : [],
    )
    .join(', ');
}

/** Whether its supervisor is gone, so that what is left of it can be ended by anybody. */
export function isLost({ phase, cause }: RunSnapshot): boolean {
  return phase === 'lost' && (cause?.code === 'supervisor-lost' || cause?.code === 'run-lost');
}

/**
 * Ends what is left of a run whose supervisor is gone: models first, then shards, each with its whole
 * process group. Only what the record identifies, or what carries the run's marker, is signalled.
 */
export async function endLostRun(run: RunSnapshot, force: boolean): Promise<void> {
  await endEntities(run.id, run.models, force);
  await endEntities(run.id, shardsOf(run), force);
}

function shardsOf({ orchestrators }: RunSnapshot): readonly Entity[] {
  return orchestrators.flatMap(({ shards }) => shards);
}

async function endEntities(runId: string, entities: readonly Entity[], force: boolean): Promise<void> {
  const known = entities.flatMap(({ name, identity }) =>
    identity !== undefined && isOfThisBoot(identity) ? [{ name, leader: identity }] : [],
  );
  if (known.length === 0) return;
  const living = (): readonly number[] => livingProcesses(runId, known);
  const signal = (name: NodeJS.Signals): void => {
    for (const pid of living()) killQuietly(pid, name);
  };
  if (!force) {
    signal('SIGTERM');
    // One that was stopped could not follow otherwise.
    signal('SIGCONT');
    const deadline = performance.now() + defaultLimits.grace;
    while (living().length > 0 && performance.now() < deadline) await delay(lookDelay);
  }
  // No limit here: SIGKILL cannot be refused, so whoever still is there is about to end.
  while (living().length > 0) {
    signal('SIGKILL');
    await delay(lookDelay);
  }
}
