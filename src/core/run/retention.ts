import path from 'node:path';
import type { RunRecord } from './runRecord';

/** So many runs of an experiment are kept in any case, the newest ones. */
export const keptRuns = 20;

/** A run that ended less than this ago is kept in any case, in milliseconds. */
export const keptFor = 30 * 24 * 3_600_000;

/** Bytes of one log of a run that is over. */
export const longestLog = 64 * 1024 ** 2;

/**
 * The runs that may be removed by their number and by when they began; when they ended has still to be
 * looked up. An experiment is a directory, since that is where its runs lie.
 */
export function beyondRetention(records: readonly RunRecord[], now: number): readonly RunRecord[] {
  const newestFirst = [...records].sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
  const seen = new Map<string, number>();
  return newestFirst.filter(({ runDirectory, createdAt }) => {
    const experiment = path.dirname(runDirectory);
    const newer = seen.get(experiment) ?? 0;
    seen.set(experiment, newer + 1);
    return newer >= keptRuns && now - createdAt >= keptFor;
  });
}
