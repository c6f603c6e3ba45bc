import path from 'node:path';
import { toRunStatus } from '../../core/deployment/toRunStatus';
import { UsageError, type Command } from '../command';
import { exitCode, type ExitCode } from '../exitCodes';
import { tellFailure } from '../render/failure';
import { paintFor } from '../render/paint';
import { renderRunStatus } from '../render/runStatus';
import { openedRuns } from './openedRuns';

/** Shows every run that has not ended, and the latest of each experiment file. */
export const status: Command = {
  name: 'status',
  usage: '[FILE]',
  summary: 'show runs with their shards and models, their states and causes',
  async run(context): Promise<ExitCode> {
    const { positionals, directory, json, out, environment } = context;
    const [name, ...others] = positionals;
    if (others.length > 0) throw new UsageError('name one experiment file, or none');
    const opened = await openedRuns(context, name === undefined ? undefined : path.resolve(directory, name));
    if (!opened.ok) return tellFailure(opened.problems, context, { runs: [] });
    const runs = opened.value;
    await Promise.all(runs.map((run) => run.measure()));
    const statuses = runs.map(({ snapshot }) => toRunStatus(snapshot));
    for (const run of runs) run.dispose();
    if (json) out.write(`${JSON.stringify({ runs: statuses })}\n`);
    else {
      const paint = paintFor(out, environment);
      const texts = statuses.map((found) => renderRunStatus(found, paint));
      out.write(texts.length === 0 ? 'No runs.\n' : texts.join('\n'));
    }
    return exitCode.done;
  },
};
