import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessIdentity } from './launchEvents';
import { identify, isDead, killQuietly, readProcessStat, type ProcessStat } from './processIdentity';
import { markedRun, markOf } from './runMarker';

/**
 * The processes that still belong to entities of a run: the leaders, what they started and left in
 * their process groups, and what carries the run's marker elsewhere (programs that made a group of
 * their own). Numbers of living processes; zombies do not count.
 *
 * Only what is as young as the leaders can have its marker from them: of all others the environment is not read,
 * which on a host of many processes takes longer than the servers need to end.
 */
export function livingProcesses(
  runId: string,
  entities: readonly { readonly name: string; readonly leader?: ProcessIdentity }[],
): readonly number[] {
  const leaders = entities.flatMap(({ leader }) => (leader === undefined ? [] : [leader]));
  if (process.platform !== 'linux') {
    return leaders.map(({ pid }) => -pid).filter((group) => killQuietly(group, 0));
  }
  const names = new Set(entities.map(({ name }) => name));
  const groups = new Set(leaders.filter((leader) => !numberIsUsedAgain(leader)).map(({ pid }) => pid));
  const oldest =
    leaders.length < entities.length ? 0 : Math.min(...leaders.map(({ startTime }) => Number(startTime)));
  return livingPids()
    .filter(({ pid, stat }) => {
      if (groups.has(stat.group)) return true;
      if (Number(stat.startTime) < oldest) return false;
      const entity = markOf(environmentOf(pid), runId)?.entity;
      return entity !== undefined && names.has(entity);
    })
    .map(({ pid }) => pid);
}

/** A living process that carries the marker of a run. */
export interface MarkedProcess {
  readonly identity: ProcessIdentity;
  /** Absent: a supervisor, or a child between its fork and its program. */
  readonly entity?: string;
  /** It leads a session of its own, as every process does that a supervisor has started. */
  readonly leads: boolean;
}

/** All living processes with the marker of a run, but for this one, oldest first. Nobody is found where there is no `/proc`. */
export function markedProcesses(runId: string): readonly MarkedProcess[] {
  if (process.platform !== 'linux') return [];
  return livingPids()
    .flatMap(({ pid, stat }): readonly MarkedProcess[] => {
      const mark = pid === process.pid ? undefined : markOf(environmentOf(pid), runId);
      const identity = mark === undefined ? undefined : identify(pid);
      // Its number may have been given to another between two looks.
      if (mark === undefined || identity?.startTime !== stat.startTime) return [];
      return [{ identity, ...mark, leads: stat.session === pid }];
    })
    .sort((a, b) => Number(a.identity.startTime) - Number(b.identity.startTime));
}

/** The runs of which a process lives here, but for this one: by one look at all. */
export function markedRuns(): ReadonlySet<string> {
  const runs = new Set<string>();
  if (process.platform !== 'linux') return runs;
  for (const { pid } of livingPids()) {
    const run = pid === process.pid ? undefined : markedRun(environmentOf(pid));
    if (run !== undefined) runs.add(run);
  }
  return runs;
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

function livingPids(): readonly { readonly pid: number; readonly stat: ProcessStat }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const pid = Number(name);
      const stat = readProcessStat(pid);
      return stat === undefined || isDead(stat) ? [] : [{ pid, stat }];
    });
}

/** A number that serves as a group's is not given away, so a stranger with it proves that the group is empty. */
function numberIsUsedAgain({ pid, startTime }: ProcessIdentity): boolean {
  const now = readProcessStat(pid);
  return now !== undefined && now.startTime !== startTime;
}

/** Empty for processes of other users, which cannot be ours. */
function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  } catch {
    return [];
  }
}
