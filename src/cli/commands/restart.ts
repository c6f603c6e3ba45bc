import path from 'node:path';
import { toRunStatus } from '../../core/deployment/toRunStatus';
import { UsageError, type Command } from '../command';
import { exitCode, type ExitCode } from '../exitCodes';
import { tellFailure } from '../render/failure';
import { tellRuns } from '../render/runsOutcome';
import { noneLive, openedRuns } from './openedRuns';

/** Stops a shard or a model of a file's live run, if it runs, and starts it again; ends when it runs, a shard when it answers. */
export const restart: Command = {
  name: 'restart',
  usage: 'FILE ENTITY',
  summary: 'stop a shard or model if it runs, and start it again in the same run',
  async run(context): Promise<ExitCode> {
    const { positionals, directory } = context;
    const [name, entity, ...others] = positionals;
    if (name === undefined || entity === undefined || others.length > 0)
      throw new UsageError('name one experiment file, and one of its shards or models');
    const file = path.resolve(directory, name);
    const opened = await openedRuns(context, file);
    if (!opened.ok) return tellFailure(opened.problems, context, { runs: [] });
    const live = opened.value.find((run) => run.live);
    const restarted = await live?.restart(entity);
    const statuses = live === undefined ? [] : [toRunStatus(live.snapshot)];
    for (const run of opened.value) run.dispose();
    const none = noneLive(opened.value, file, context);
    const problems = restarted === undefined ? [none] : restarted.ok ? [] : restarted.problems;
    tellRuns(statuses, problems, context);
    return problems.length === 0 ? exitCode.done : exitCode.failed;
  },
};
