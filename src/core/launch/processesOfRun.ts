import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessIdentity } from './launchEvents';
import { killQuietly, readProcessStat } from './processIdentity';
import { markedEntity } from './runMarker';

/**
 * The processes that still belong to entities of a run: the leaders, what they started and left in
 * their process groups, and what carries the run's marker elsewhere (programs that made a group of
 * their own). Numbers of living processes; zombies do not count.
 */
export function livingProcesses(
  runId: string,
  entities: readonly { readonly name: string; readonly leader: ProcessIdentity }[],
): readonly number[] {
  if (process.platform !== 'linux') {
    return entities.map(({ leader }) => -leader.pid).filter((group) => killQuietly(group, 0));
  }
  const names = new Set(entities.map(({ name }) => name));
  const groups = new Set(
    entities.filter(({ leader }) => !numberIsUsedAgain(leader)).map(({ leader }) => leader.pid),
  );
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const stat = readProcessStat(pid);
      if (stat === undefined || stat.state === 'Z' || stat.state === 'X') return false;
      if (groups.has(stat.group)) return true;
      const entity = markedEntity(environmentOf(pid), runId);
      return entity !== undefined && names.has(entity);
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
