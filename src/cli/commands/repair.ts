import path from 'node:path';
import type { Problem } from '../../core/base/problem';
import { toRunStatus } from '../../core/deployment/toRunStatus';
import { UsageError, type Command } from '../command';
import { exitCode, type ExitCode } from '../exitCodes';
import { tellFailure } from '../render/failure';
import { tellRuns } from '../render/runsOutcome';
import { noneLive, openedRuns } from './openedRuns';

/** Milliseconds after which it is said why a repair may take long. */
const patienceMs = 3000;

/** Brings the clusters of a file's live run back to their plan; whole ones stay as they are. */
export const repair: Command = {
  name: 'repair',
  usage: 'FILE',
  summary: 'mend the clusters of a live run: slots that nobody has, shards that do not know each other',
  async run(context): Promise<ExitCode> {
    const { positionals, directory } = context;
    const [name, ...others] = positionals;
    if (name === undefined || others.length > 0) throw new UsageError('name one experiment file');
    const file = path.resolve(directory, name);
    const opened = await openedRuns(context, file);
    if (!opened.ok) return tellFailure(opened.problems, context, { runs: [] });
    const live = opened.value.find((run) => run.live);
    const problems: Problem[] = [];
    if (live === undefined) {
      problems.push(noneLive(opened.value, file, context));
    } else {
      const clusters = live.snapshot.orchestrators.filter(({ clustered }) => clustered);
      const patience = setTimeout(() => {
        context.log.info(
          'Still mending. Servers refuse a shard for a minute that another was told to forget.',
        );
      }, patienceMs);
      const repairs = await Promise.all(clusters.map(({ id }) => live.repair(id)));
      clearTimeout(patience);
      problems.push(...repairs.flatMap((repaired) => (repaired.ok ? [] : repaired.problems)));
    }
    const statuses = live === undefined ? [] : [toRunStatus(live.snapshot)];
    for (const run of opened.value) run.dispose();
    tellRuns(statuses, problems, context);
    return problems.length === 0 ? exitCode.done : exitCode.failed;
  },
};
