import { readdir } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { OneAtATime } from '../base/oneAtATime';
import { byAge, markedProcess, type MarkedProcess } from './markedProcesses';
import { isDead, readProcessStat } from './processIdentity';

/** Processes that are looked at in one turn of the event loop: a window must not stand still for a host with thousands. */
const processesOfTurn = 32;

let found: ReadonlyMap<string, readonly MarkedProcess[]> = new Map();
const looks = new OneAtATime(async () => {
  found = await markedByRun();
});

/**
 * All living processes with the marker of a run, but for this one, oldest first, as `markedProcesses` finds them. For
 * readers of many runs: all who ask at the same time share one look at the processes of this host, that began after
 * they asked.
 */
export async function marksNow(runId: string): Promise<readonly MarkedProcess[]> {
  if (process.platform !== 'linux') return [];
  await looks.run();
  return found.get(runId) ?? [];
}

async function markedByRun(): Promise<ReadonlyMap<string, readonly MarkedProcess[]>> {
  const byRun = new Map<string, MarkedProcess[]>();
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  for (const [index, pid] of pids.entries()) {
    if (index % processesOfTurn === 0) await nextTurn();
    const stat = readProcessStat(pid);
    const marked = stat === undefined || isDead(stat) ? undefined : markedProcess({ pid, stat });
    if (marked === undefined) continue;
    const others = byRun.get(marked.run);
    if (others === undefined) byRun.set(marked.run, [marked]);
    else others.push(marked);
  }
  for (const processes of byRun.values()) processes.sort(byAge);
  return byRun;
}
