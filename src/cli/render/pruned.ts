import type { Pruned } from '../../core/run/pruneRuns';
import type { RunRecord } from '../../core/run/runRecord';
import { printableLine } from './printable';

/** A run that was removed, as `--json` tells it; part of the product. */
export interface PrunedRunJson {
  readonly id: string;
  readonly experiment: string;
  readonly file: string;
  readonly directory: string;
}

export function prunedToJson(
  { removed, forgotten, cut }: Pruned,
  dryRun: boolean,
): {
  readonly dryRun: boolean;
  readonly removed: readonly PrunedRunJson[];
  readonly forgotten: readonly PrunedRunJson[];
  readonly cut: readonly { readonly path: string; readonly bytes: number }[];
} {
  const run = ({ id, experiment, file, runDirectory }: RunRecord): PrunedRunJson => ({
    id,
    experiment,
    file,
    directory: runDirectory,
  });
  return {
    dryRun,
    removed: removed.map(run),
    forgotten: forgotten.map(run),
    cut: cut.map(({ path, bytes }) => ({ path, bytes })),
  };
}

/** A line for each thing that was done, or would be. */
export function renderPruned({ removed, forgotten, cut }: Pruned, dryRun: boolean): string {
  const would = dryRun ? 'would be ' : '';
  const lines = [
    ...removed.map(
      ({ id, experiment, runDirectory }) => `${experiment}  run ${id}  ${would}removed  ${runDirectory}`,
    ),
    ...forgotten.map(
      ({ id, experiment }) => `${experiment}  run ${id}  ${would}forgotten: its directory is gone`,
    ),
    ...cut.map(({ path, bytes }) => `${path}  ${would}shortened by ${(bytes / 1024 ** 2).toFixed(1)} MiB`),
  ];
  if (lines.length === 0) return 'Nothing to remove.\n';
  return lines.map((line) => `${printableLine(line)}\n`).join('');
}
