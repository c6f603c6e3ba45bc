import path from 'node:path';
import { problem, type Problem } from '../../core/base/problem';
import { success, type Result } from '../../core/base/result';
import { userDirectories } from '../../core/base/userDirectories';
import { openRun } from '../../core/run/openRun';
import type { Run } from '../../core/run/run';
import { RunIndex } from '../../core/run/runIndex';
import type { CommandContext } from '../command';

/** The user's directories as this command line sees them. */
export function directoriesOf({ environment }: CommandContext): ReturnType<typeof userDirectories> {
  return userDirectories(environment, process.getuid?.() ?? 0);
}

/**
 * The runs worth looking at, oldest first: all that have not ended, and the latest of each
 * experiment file. `file`: absolute; only its runs. Callers dispose of them.
 */
export async function openedRuns(context: CommandContext, file?: string): Promise<Result<readonly Run[]>> {
  const records = await new RunIndex(directoriesOf(context)).list();
  if (!records.ok) return records;
  const wanted = records.value.filter((record) => file === undefined || record.file === file);
  const latest = new Map(wanted.map((record) => [record.file, record.id]));
  const runs = await Promise.all(wanted.map(openRun));
  return success(
    runs.filter((run) => {
      if (run.snapshot.endedAt === undefined || latest.get(run.record.file) === run.record.id) return true;
      run.dispose();
      return false;
    }),
  );
}

/** Why none of the runs of a file can be spoken to: what became of the one that has not ended, or that there is none. */
export function noneLive(runs: readonly Run[], file: string, { directory }: CommandContext): Problem {
  const lost = runs.find(({ snapshot }) => snapshot.endedAt === undefined);
  return (
    lost?.snapshot.cause ?? problem('experiment-not-running', { experiment: path.relative(directory, file) })
  );
}
