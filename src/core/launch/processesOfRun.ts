import type { LedGroup } from './ledGroup';
import { environmentOf, processTable, type LivingProcess } from './processTable';
import { markOf } from './runMarker';

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
