import type { RunSnapshot } from '../../core/deployment/runSnapshot';

/** As much of a run as decides what can be done with it. */
export interface OfferedRun {
  readonly snapshot: Pick<RunSnapshot, 'phase' | 'cause'>;
  readonly live: boolean;
}

/** Causes for which a run that is not connected can still be stopped from here. */
const stoppable: ReadonlySet<string> = new Set([
  'supervisor-lost',
  'supervisor-unreachable',
  'supervisor-too-new',
]);

/** Its supervisor was killed, and something of it still runs. */
export function isLeftOver({ live, snapshot: { phase, cause } }: OfferedRun): boolean {
  return !live && phase === 'lost' && cause?.code === 'supervisor-lost';
}

/** Whether there is anything of it that can be asked to stop. */
export function canStop({ live, snapshot: { phase, cause } }: OfferedRun): boolean {
  return live ? phase !== 'stopping' : cause !== undefined && stoppable.has(cause.code);
}

/** Whether another run of its file would be refused because of it. */
export function isInTheWay(run: OfferedRun): boolean {
  return run.live || canStop(run);
}
