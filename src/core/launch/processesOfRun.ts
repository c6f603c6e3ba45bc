import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessIdentity } from './launchEvents';
import type { LedGroup } from './ledGroup';
import { identify } from './processIdentity';
import { processTable, type LivingProcess } from './processTable';
import { markedRun, markOf } from './runMarker';

/** A shard or model, and the group that its process led, unless that cannot be known any more. */
export interface EntityOfRun {
  readonly name: string;
  readonly group?: LedGroup;
}

/** A living process of a shard or model. */
export interface EntityProcess {
  /** Its number; negative: a whole process group, where single processes cannot be seen. */
  readonly pid: number;
  /** Name of the shard or model. */
  readonly entity: string;
}

/**
 * The processes that still belong to entities of a run: the leaders, what they started and left in
 * their process groups, and what carries the run's marker elsewhere (programs that made a group of
 * their own). Zombies do not count.
 *
 * Only what is as young as the leaders can have its marker from them: of all others the environment is not read,
 * which on a host of many processes takes longer than the servers need to end.
 */
export function livingProcesses(runId: string, entities: readonly EntityOfRun[]): readonly EntityProcess[] {
  if (process.platform !== 'linux') return inhabitedGroups(entities);
  const living = processTable();
  const owners = ownersByGroup(living, entities);
  const names = new Set(entities.map(({ name }) => name));
  const leaders = entities.flatMap(({ group }) => (group === undefined ? [] : [group.leader]));
  const oldest =
    leaders.length < entities.length ? 0 : Math.min(...leaders.map(({ startTime }) => Number(startTime)));
  return living.flatMap(({ pid, stat }) => {
    const owner = owners.get(pid);
    if (owner !== undefined) return [{ pid, entity: owner }];
    if (Number(stat.startTime) < oldest) return [];
    const entity = markOf(environmentOf(pid), runId)?.entity;
    return entity !== undefined && names.has(entity) ? [{ pid, entity }] : [];
  });
}

/** The entity in whose group a process is, by its number. */
function ownersByGroup(
  living: readonly LivingProcess[],
  entities: readonly EntityOfRun[],
): ReadonlyMap<number, string> {
  const groups = new Map<number, LivingProcess[]>();
  for (const found of living) {
    const members = groups.get(found.stat.group);
    if (members === undefined) groups.set(found.stat.group, [found]);
    else members.push(found);
  }
  const owners = new Map<number, string>();
  for (const { name, group } of entities) {
    if (group === undefined) continue;
    for (const { pid } of group.membersAmong(groups.get(group.leader.pid) ?? [])) owners.set(pid, name);
  }
  return owners;
}

function inhabitedGroups(entities: readonly EntityOfRun[]): readonly EntityProcess[] {
  return entities.flatMap(({ name, group }) =>
    group?.isInhabited() === true ? [{ pid: -group.leader.pid, entity: name }] : [],
  );
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
  return processTable()
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
  for (const { pid } of processTable()) {
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

/** Empty for processes of other users, which cannot be ours. */
export function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  } catch {
    return [];
  }
}
