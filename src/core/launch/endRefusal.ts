import { problem, type Problem } from '../base/problem';
import { reachOf, readProcessStat } from './processIdentity';
import type { EntityProcess } from './processesOfRun';

/** Who lives although it was killed, and why: nothing else can keep a process from being killed. */
export function endRefusal(left: readonly EntityProcess[]): Problem {
  const processes = left.map((one) => `${one.entity} (process ${one.pid}) ${whyItLives(one.pid)}`).join('; ');
  return problem('processes-not-ended', { processes });
}

function whyItLives(pid: number): string {
  if (reachOf(pid) === 'forbidden') return 'runs as another user';
  return readProcessStat(pid)?.state === 'D' ? 'waits in the kernel' : 'is still ending';
}
