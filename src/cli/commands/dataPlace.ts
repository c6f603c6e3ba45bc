import path from 'node:path';
import { problem } from '../../core/base/problem';
import { failure, success, type Result } from '../../core/base/result';
import type { OrchestratorSnapshot } from '../../core/deployment/runSnapshot';
import type { CommandContext } from '../command';
import { openedRuns } from './openedRuns';

/** Options of every command that reads or writes data. */
export const dataOptions = {
  file: { type: 'string', short: 'f' },
  orchestrator: { type: 'string', short: 'o' },
} as const;

export interface LiveOrchestrator {
  /** Id of its run. */
  readonly run: string;
  readonly orchestrator: OrchestratorSnapshot;
}

/** The orchestrator that `--file` and `--orchestrator` name, or the only one that is live. */
export async function liveOrchestrator(context: CommandContext): Promise<Result<LiveOrchestrator>> {
  const { values, directory } = context;
  const { file, orchestrator: id } = values;
  const opened = await openedRuns(
    context,
    typeof file === 'string' ? path.resolve(directory, file) : undefined,
  );
  if (!opened.ok) return opened;
  const candidates = opened.value
    .filter((run) => run.live)
    .flatMap((run) =>
      run.snapshot.orchestrators.map((orchestrator) => ({
        run: run.record.id,
        file: run.record.file,
        orchestrator,
      })),
    );
  for (const run of opened.value) run.dispose();
  const wanted = candidates.filter(({ orchestrator }) => id === undefined || orchestrator.id === id);
  const [first, ...others] = wanted;
  if (first !== undefined && others.length === 0) return success(first);
  const names = (from: typeof candidates): string =>
    from.map((one) => `${one.orchestrator.id} of ${path.relative(directory, one.file)}`).join(', ');
  if (first !== undefined) return failure(problem('data-ambiguous', { orchestrators: names(wanted) }));
  return failure(
    candidates.length === 0
      ? problem('data-without-run')
      : problem('orchestrator-unknown', { orchestrator: String(id), orchestrators: names(candidates) }),
  );
}
