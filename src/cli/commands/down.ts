import path from 'node:path';
import type { Problem } from '../../core/base/problem';
import { toRunStatus } from '../../core/deployment/toRunStatus';
import { UsageError, type Command } from '../command';
import { exitCode, type ExitCode } from '../exitCodes';
import { tellFailure } from '../render/failure';
import { tellRuns } from '../render/runsOutcome';
import { openedRuns } from './openedRuns';

/**
 * Stops the run of a file: afterwards nothing of it is left. A file that is not running is what was
 * asked for, so it says so and ends with 0. A run that cannot be reached ends with 1.
 */
export const down: Command = {
  name: 'down',
  usage: 'FILE [--force]',
  summary: 'stop the run of an experiment file; nothing of it is left',
  options: { force: { type: 'boolean' } },
  async run(context): Promise<ExitCode> {
    const { positionals, directory, values, json, out } = context;
    const [name, ...others] = positionals;
    if (name === undefined || others.length > 0) throw new UsageError('name one experiment file');
    const file = path.resolve(directory, name);
    const opened = await openedRuns(context, file);
    if (!opened.ok) return tellFailure(opened.problems, context, { runs: [] });
    const all = opened.value;
    const runs = all.filter(({ snapshot }) => snapshot.endedAt === undefined);
    const problems: Problem[] = [];
    await Promise.all(
      runs.map(async (run) => {
        const stopped = await run.stop({ force: values['force'] === true });
        if (!stopped.ok) problems.push(...stopped.problems);
      }),
    );
    const statuses = runs.map(({ snapshot }) => toRunStatus(snapshot));
    for (const run of all) run.dispose();
    if (runs.length === 0 && !json) out.write(`${path.relative(directory, file)} is not running.\n`);
    tellRuns(statuses, problems, context);
    return problems.length === 0 ? exitCode.done : exitCode.failed;
  },
};
