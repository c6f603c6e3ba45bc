import path from 'node:path';
import type { RunSnapshot } from '../../core/deployment/runSnapshot';

type Named = Pick<RunSnapshot, 'experiment' | 'file'>;

/** What each run's experiment is called among these: its name, with its file where several have that name. */
export function experimentNames(runs: readonly { readonly snapshot: Named }[]): (run: Named) => string {
  const counts = new Map<string, number>();
  for (const { snapshot } of runs)
    counts.set(snapshot.experiment, (counts.get(snapshot.experiment) ?? 0) + 1);
  return ({ experiment, file }) =>
    counts.get(experiment) === 1
      ? experiment
      : `${experiment} (${path.join(path.basename(path.dirname(file)), path.basename(file))})`;
}
