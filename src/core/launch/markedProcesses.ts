import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessIdentity } from './launchEvents';
import { identify } from './processIdentity';
import { environmentOf, processTable, type LivingProcess } from './processTable';
import { markedRun, markOf } from './runMarker';

/** A living process that carries the marker of a run. */
export interface MarkedProcess {
  readonly run: string;
  readonly identity: ProcessIdentity;
  /** Absent: a supervisor, or a child between its fork and its program. */
  readonly entity?: string;
  /** It leads a session of its own, as every process does that a supervisor has started. */
  readonly leads: boolean;
}

/** Undefined: it carries no marker, has ended meanwhile, or is this process. */
export function markedProcess({ pid, stat }: LivingProcess): MarkedProcess | undefined {
  if (pid === process.pid) return undefined;
  const environment = environmentOf(pid);
  const run = markedRun(environment);
  const identity = run === undefined ? undefined : identify(pid);
  // Its number may have been given to another between two looks.
  if (run === undefined || identity?.startTime !== stat.startTime) return undefined;
  return { run, identity, ...markOf(environment, run), leads: stat.session === pid };
}

export function byAge(one: MarkedProcess, other: MarkedProcess): number {
  return Number(one.identity.startTime) - Number(other.identity.startTime);
}

/** All living processes with the marker of a run, but for this one, oldest first. Nobody is found where there is no `/proc`. */
export function markedProcesses(runId: string): readonly MarkedProcess[] {
  return allMarked()
    .filter(({ run }) => run === runId)
    .sort(byAge);
}

/** The runs of which a process lives here, but for this one: by one look at all. */
export function markedRuns(): ReadonlySet<string> {
  return new Set(allMarked().map(({ run }) => run));
}

function allMarked(): readonly MarkedProcess[] {
  if (process.platform !== 'linux') return [];
  return processTable().flatMap((living) => markedProcess(living) ?? []);
}

/** For how long a child may stay between its fork and its program before nobody waits for it any more, in milliseconds. */
const settleLimit = 2000;
/** Between two looks, in milliseconds: while a program is exchanged for another, its environment reads as empty. */
const settleDelay = 5;

/** Resolves when no process of the run is between its fork and its program, and two looks have found the same. */
export async function untilMarksSettle(runId: string): Promise<void> {
  const deadline = performance.now() + settleLimit;
  let before: string | undefined;
  while (performance.now() < deadline) {
    const found = markedProcesses(runId);
    const now = found.map(({ identity, entity }) => `${identity.pid} ${entity ?? ''}`).join();
    if (now === before && found.every(({ entity }) => entity !== undefined)) return;
    before = now;
    await delay(settleDelay);
  }
}
