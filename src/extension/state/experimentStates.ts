import path from 'node:path';
import type { Run } from '../../core/run/run';
import type { ExperimentState } from '../views/experiments/experimentNodes';
import { experimentLabel } from './experimentLabel';
import { isInTheWay } from './runOffers';

/** The workspace's files, and the files outside of it that have a run which goes on, each with its run. */
export function experimentStates(
  files: readonly Pick<ExperimentState, 'file' | 'label' | 'where'>[],
  runs: { readonly runs: readonly Run[]; readonly launching: ReadonlySet<string> },
): readonly ExperimentState[] {
  const known = new Set(files.map(({ file }) => file));
  const elsewhere = runs.runs
    .filter((run) => isInTheWay(run) && !known.has(run.record.file))
    .map(({ record: { file } }) => ({ file, label: experimentLabel(file), where: path.dirname(file) }));
  return [...files, ...elsewhere].map((entry) => {
    const run = runs.runs.find(({ record }) => record.file === entry.file);
    return {
      ...entry,
      launching: runs.launching.has(entry.file) && run?.live !== true,
      ...(run === undefined ? {} : { run }),
    };
  });
}
