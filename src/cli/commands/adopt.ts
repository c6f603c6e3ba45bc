import path from 'node:path';
import type { Problem } from '../../core/base/problem';
import { toRunStatus } from '../../core/deployment/toRunStatus';
import { adoptRun } from '../../core/run/adoptRun';
import { UsageError, type Command } from '../command';
import { exitCode, type ExitCode } from '../exitCodes';
import { tellFailure } from '../render/failure';
import { tellRuns } from '../render/runsOutcome';
import { directoriesOf, openedRuns } from './openedRuns';

/**
 * Gives the run of a file that lost its supervisor a new one, which goes on with what still runs. A run
 * that has its supervisor is left as it is; a file without a run that has not ended is told as such.
 */
export const adopt: Command = {
  name: 'adopt',
  usage: 'FILE',
  summary: 'go on with a run whose supervisor was killed',
  async run(context): Promise<ExitCode> {
    const { positionals, directory, json, out, environment } = context;
    const [name, ...others] = positionals;
    if (name === undefined || others.length > 0) throw new UsageError('name one experiment file');
    const file = path.resolve(directory, name);
    const opened = await openedRuns(context, file);
    if (!opened.ok) return tellFailure(opened.problems, context, { runs: [] });
    const before = opened.value.filter(({ snapshot }) => snapshot.endedAt === undefined);
    for (const run of opened.value) run.dispose();
    const problems: Problem[] = [];
    const statuses = [];
    for (const { record } of before) {
      const run = await adoptRun(record, {
        node: process.execPath,
        supervisor: path.join(__dirname, 'supervisor.js'),
        environment,
        directories: directoriesOf(context),
        signal: context.signal,
      });
      if (run.ok) {
        statuses.push(toRunStatus(run.value.snapshot));
        run.value.dispose();
      } else problems.push(...run.problems);
    }
    if (before.length === 0 && !json) out.write(`${path.relative(directory, file)} is not running.\n`);
    tellRuns(statuses, problems, context);
    if (problems.some(({ code }) => code === 'take-over-cancelled')) return exitCode.interrupted;
    return problems.length === 0 && before.length > 0 ? exitCode.done : exitCode.failed;
  },
};
