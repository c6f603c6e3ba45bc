import { lstat, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { problem, type Problem } from '../base/problem';
import { systemErrorCode } from '../launch/fileProblem';
import { journalName, readJournal } from './journal';
import { claimRun, generationOf } from './runOwnership';
import type { RunRecord } from './runRecord';

/**
 * Removes the directory of a run that is over, if it is proved to be one; the record in the index is its caller's.
 * A problem leaves what could not be removed, with the journal, so that the next attempt finds it.
 */
export async function removeRun(record: RunRecord): Promise<Problem | undefined> {
  const { id, runDirectory } = record;
  const notRemoved = (reason: string): Problem =>
    problem('run-not-removed', { id, directory: runDirectory, reason });
  const objection = await objectTo(record);
  if (objection !== undefined) return notRemoved(objection);
  // From here nobody adopts it.
  const claimed = claimRun(runDirectory);
  if (!claimed.ok) return claimed.problems[0];
  try {
    for (const name of (await readdir(runDirectory)).sort((one, other) => rankOf(one) - rankOf(other))) {
      // A symbolic link is removed as such.
      await rm(path.join(runDirectory, name), { recursive: true, force: true });
    }
    await rm(runDirectory, { recursive: true, force: true });
    return undefined;
  } catch (error) {
    // This process may live on, and the next attempt be another's.
    claimed.value.release();
    const reason = systemErrorCode(error);
    if (reason === undefined) throw error;
    return notRemoved(reason);
  }
}

/** What tells that this is a run goes last, and before it what tells that it is ours, so that nobody adopts what is left. */
function rankOf(name: string): number {
  return name === journalName ? Infinity : generationOf(name);
}

/** Why a directory may not be removed as that of a run; undefined: it is one of ours. */
export async function objectTo({ id, runDirectory }: RunRecord): Promise<string | undefined> {
  const runs = path.dirname(runDirectory);
  const isWellNamed = path.basename(runDirectory) === id && runs.endsWith('/.smartsim/workbench');
  if (!isWellNamed) return 'it does not lie where runs lie';
  try {
    for (const directory of [path.dirname(runs), runs, runDirectory]) {
      const found = await lstat(directory);
      if (found.isSymbolicLink()) return `${directory} is a symbolic link`;
      if (!found.isDirectory()) return `${directory} is not a directory`;
    }
    const found = await lstat(runDirectory);
    if (found.uid !== process.getuid?.()) return 'it belongs to another user';
    if (!(await lstat(path.join(runDirectory, journalName))).isFile()) return 'its journal is not a file';
  } catch (error) {
    const reason = systemErrorCode(error);
    if (reason === undefined) throw error;
    return reason;
  }
  const content = await readJournal(runDirectory);
  const first = content.ok ? content.value.events[0]?.event : undefined;
  if (first?.type !== 'run-planned' || first.plan.runId !== id) return 'its journal is that of another run';
  return undefined;
}
