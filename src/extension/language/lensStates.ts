import type { Run } from '../../core/run/run';

/** All that lenses say of runs, as plain data: while it stays the same, so do they. */
export function lensStates(runs: {
  readonly runs: readonly Run[];
  readonly launching: ReadonlySet<string>;
}): unknown {
  return {
    launching: [...runs.launching],
    runs: runs.runs
      .filter(({ live }) => live)
      .map(({ snapshot: { id, phase, orchestrators, models } }) => ({
        id,
        phase,
        orchestrators: orchestrators.map((orchestrator) => [orchestrator.phase, orchestrator.ssdb]),
        models: models.map(({ status }) => status),
      })),
  };
}
