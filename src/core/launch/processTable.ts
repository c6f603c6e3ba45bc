import { readdirSync, readFileSync } from 'node:fs';
import { isDead, readProcessStat, type ProcessStat } from './processIdentity';

/** A process as one look has found it. */
export interface LivingProcess {
  readonly pid: number;
  readonly stat: ProcessStat;
}

/** Every process of this machine that lives, by one look at all; Linux only. */
export function processTable(): readonly LivingProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const pid = Number(name);
      const stat = readProcessStat(pid);
      return stat === undefined || isDead(stat) ? [] : [{ pid, stat }];
    });
}

/** `NAME=value` each; empty for processes of other users, which cannot be ours. */
export function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  } catch {
    return [];
  }
}
