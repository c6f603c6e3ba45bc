import { problem, type Problem } from '../../base/problem';
import type { Database } from '../../database/database';

/** Why nothing may be changed; undefined where it may. */
export function lockedProblem({ unlocked, target }: Database, command: string): Problem | undefined {
  return unlocked ? undefined : problem('database-locked', { database: target.name, command });
}
