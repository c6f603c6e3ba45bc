import type { DatabaseTarget } from '../../core/database/databaseTarget';
import type { OrchestratorSnapshot, RunSnapshot } from '../../core/deployment/runSnapshot';

/** SmartSim's name for an orchestrator that was given none. */
const unnamed = 'orchestrator';

/** A run as far as its databases are concerned. */
export interface DatabaseRun {
  readonly snapshot: Pick<RunSnapshot, 'id' | 'experiment' | 'orchestrators'>;
  readonly live: boolean;
}

/** The databases that the live runs have now, in the order of the runs. */
export function databasesOfRuns(runs: readonly DatabaseRun[]): readonly DatabaseTarget[] {
  return runs
    .filter(({ live }) => live)
    .flatMap((run) =>
      run.snapshot.orchestrators.filter(serves).map((orchestrator) => targetOf(run.snapshot, orchestrator)),
    );
}

/** The id of the target of an orchestrator. */
export function runDatabaseId(runId: string, orchestrator: string): string {
  return `run:${runId}/orchestrator:${orchestrator}`;
}

function targetOf(run: DatabaseRun['snapshot'], { id, shards }: OrchestratorSnapshot): DatabaseTarget {
  return {
    id: runDatabaseId(run.id, id),
    name: id === unnamed ? run.experiment : `${run.experiment}/${id}`,
    endpoints: shards
      .filter(({ status }) => status === 'Running')
      .map(({ host, port }) => ({ kind: 'tcp' as const, host, port })),
    own: true,
  };
}

function serves({ phase }: OrchestratorSnapshot): boolean {
  return phase === 'ready' || phase === 'degraded';
}
