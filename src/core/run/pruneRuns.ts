import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Problem } from '../base/problem';
import { success, type Result } from '../base/result';
import type { UserDirectories } from '../base/userDirectories';
import { stateOfProcess } from '../launch/processIdentity';
import { markedRuns } from '../launch/markedProcesses';
import { isThere } from './answersInTime';
import { cutLog, longLogs, type CutLog } from './cutLog';
import { whenEnded } from './endedRun';
import { objectTo, removeRun } from './removeRun';
import { problem } from '../base/problem';
import { beyondRetention, keptFor, longestLog } from './retention';
import { RunIndex } from './runIndex';
import type { RunRecord } from './runRecord';

export interface PruneOptions {
  /** Whether the runs of a record are meant; absent: all. */
  readonly of?: (record: RunRecord) => boolean;
  /** Tells what would be done. */
  readonly dryRun?: boolean;
  /** Wall clock, milliseconds. */
  readonly now?: number;
  /** Bytes of a log. */
  readonly longest?: number;
}

/** What was done, or would be. */
export interface Pruned {
  /** Runs whose directory and record were removed. */
  readonly removed: readonly RunRecord[];
  /** Runs whose directory somebody had removed; their record was removed too. */
  readonly forgotten: readonly RunRecord[];
  readonly cut: readonly CutLog[];
  /** Each leaves one run or log as it was. */
  readonly problems: readonly Problem[];
}

/**
 * Removes the runs that are over and beyond what is kept of their experiment, and cuts the long logs of
 * those that are kept (docs/adr/0012-retention.md). A failure: the index cannot be read, nothing was done.
 */
export async function pruneRuns(
  directories: UserDirectories,
  options: PruneOptions = {},
): Promise<Result<Pruned>> {
  const { of = () => true, dryRun = false, now = Date.now(), longest = longestLog } = options;
  const index = new RunIndex(directories);
  const [listed, traceless] = [await index.list(), await index.traceless()];
  if (!listed.ok) return listed;
  if (!traceless.ok) return traceless;
  const records = await reachable(listed.value.filter(of));
  // One look at the processes serves all runs; made when the first run is in question.
  let found: ReadonlySet<string> | undefined;
  const living = (): ReadonlySet<string> => (found ??= markedRuns());

  const removed: RunRecord[] = [];
  const problems: Problem[] = [];
  for (const record of beyondRetention(records, now)) {
    const ended = await whenEnded(record, living());
    if (ended === undefined || now - ended < keptFor) continue;
    const objection = dryRun ? await dryObjection(record) : await removeRun(record);
    if (objection !== undefined) problems.push(objection);
    else {
      removed.push(record);
      if (!dryRun) await index.remove(record.id);
    }
  }

  const forgotten = traceless.value.filter((record) => of(record) && isForgotten(record, living(), now));
  if (!dryRun) for (const { id } of forgotten) await index.remove(id);

  const cut: CutLog[] = [];
  for (const record of records) {
    if (removed.includes(record)) continue;
    const logs = await longLogs(record.runDirectory, longest);
    if (logs.length === 0 || (await whenEnded(record, living())) === undefined) continue;
    for (const log of logs) {
      const outcome = dryRun ? success(log) : await cutLog(log, longest);
      if (outcome.ok) cut.push(outcome.value);
      else problems.push(...outcome.problems);
    }
  }
  return success({ removed, forgotten, cut, problems });
}

/** The same for the runs that lie beside a new one, while it is launched. What hinders it is told by the next `ssw prune`. */
export async function pruneBeside(runDirectory: string, directories: UserDirectories): Promise<void> {
  const runs = path.dirname(runDirectory);
  await pruneRuns(directories, { of: (record) => path.dirname(record.runDirectory) === runs });
}

/** Those whose file systems answer. */
async function reachable(records: readonly RunRecord[]): Promise<readonly RunRecord[]> {
  const answers = await Promise.all(records.map(({ runDirectory }) => isThere(runDirectory)));
  return records.filter((_, index) => answers[index] !== undefined);
}

async function dryObjection(record: RunRecord): Promise<Problem | undefined> {
  const reason = await objectTo(record);
  if (reason === undefined) return undefined;
  return problem('run-not-removed', { id: record.id, directory: record.runDirectory, reason });
}

/**
 * Whether a record without a directory means nothing any more. The file system of the experiment may only be
 * away, or be another host's.
 */
function isForgotten(
  { id, file, createdAt, starter }: RunRecord,
  living: ReadonlySet<string>,
  now: number,
): boolean {
  if (living.has(id) || starter === undefined || stateOfProcess(starter) !== 'gone') return false;
  return existsSync(path.dirname(file)) || now - createdAt >= keptFor;
}
