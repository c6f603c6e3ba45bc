import { readdir } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { OneAtATime } from '../base/oneAtATime';
import { identify, isDead, readProcessStat } from './processIdentity';
import { environmentOf, type MarkedProcess } from './processesOfRun';
import { markedRun, markOf } from './runMarker';

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
    const marked = pid === process.pid ? undefined : markedProcess(pid);
    if (marked === undefined) continue;
    const { run, ...ofRun } = marked;
    const others = byRun.get(run);
    if (others === undefined) byRun.set(run, [ofRun]);
    else others.push(ofRun);
  }
  for (const processes of byRun.values()) {
    processes.sort((a, b) => Number(a.identity.startTime) - Number(b.identity.startTime));
  }
  return byRun;
}

/** undefined: it carries no marker, or has ended meanwhile. */
function markedProcess(pid: number): (MarkedProcess & { readonly run: string }) | undefined {
  const stat = readProcessStat(pid);
  if (stat === undefined || isDead(stat)) return undefined;
  const environment = environmentOf(pid);
  const run = markedRun(environment);
  const identity = run === undefined ? undefined : identify(pid);
  // Its number may have been given to another between two looks.
  if (run === undefined || identity?.startTime !== stat.startTime) return undefined;
  return { run, identity, ...markOf(environment, run), leads: stat.session === pid };
}
