import type { ProcessIdentity } from './launchEvents';
import { reachOf, readProcessStat } from './processIdentity';
import { processTable, type LivingProcess } from './processTable';

/**
 * The process group of a process that we started, which leads a session too. The system gives the number of
 * a group away when nobody is in it any more, so after the end of its leader only those who were in it then, and
 * those whom a look has found beside one of them, prove that it is still ours.
 */
export class LedGroup {
  /** Who was in it at the last look; undefined while its leader lives. */
  private witnesses: readonly LivingProcess[] | undefined;

  constructor(readonly leader: ProcessIdentity) {}

  /** To be called as soon as the end of its leader is seen. */
  leaderEnded(): void {
    if (reachOf(-this.leader.pid) === 'gone' || numberIsUsedAgain(this.leader)) this.witnesses = [];
    else if (process.platform === 'linux')
      this.witnesses = processTable().filter((found) => this.isWithin(found));
  }

  /** Of these, which are all that live, those in the group; none when it may be a stranger's by now. */
  membersAmong(living: readonly LivingProcess[]): readonly LivingProcess[] {
    const found = living.filter((one) => this.isWithin(one));
    if (this.witnesses === undefined) return numberIsUsedAgain(this.leader) ? [] : found;
    const known = new Set(this.witnesses.map(inFull));
    return (this.witnesses = found.some((one) => known.has(inFull(one))) ? found : []);
  }

  /** Whether anybody is in it, where there is no table of processes. */
  isInhabited(): boolean {
    if (reachOf(-this.leader.pid) === 'gone') this.witnesses = [];
    return this.witnesses === undefined;
  }

  private isWithin({ stat }: LivingProcess): boolean {
    return stat.group === this.leader.pid && stat.session === this.leader.pid;
  }
}

function inFull({ pid, stat }: LivingProcess): string {
  return `${pid} ${stat.startTime}`;
}

/** A number that serves as a group's is not given away, so a stranger with it proves that the group is empty. */
function numberIsUsedAgain({ pid, startTime }: ProcessIdentity): boolean {
  const now = readProcessStat(pid);
  return now !== undefined && now.startTime !== startTime;
}
