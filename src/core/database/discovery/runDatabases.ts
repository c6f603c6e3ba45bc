import type { OrchestratorSnapshot, RunSnapshot } from '../../deployment/runSnapshot';
import type { FoundDatabase } from './foundDatabase';

/** SmartSim's name for an orchestrator that was given none. */
const unnamed = 'orchestrator';

/** A run as far as its databases are concerned. */
export interface DatabaseRun {
  readonly snapshot: Pick<RunSnapshot, 'id' | 'experiment' | 'orchestrators'>;
  /** Its supervisor tells of it, which only those of this host do. */
  readonly live: boolean;
}

/** The databases that live runs have now, in the order of the runs. */
export function runDatabases(runs: readonly DatabaseRun[]): readonly FoundDatabase[] {
  return runs
    .filter(({ live }) => live)
    .flatMap(({ snapshot }) =>
      snapshot.orchestrators.filter(serves).map((orchestrator) => ofRun(snapshot, orchestrator)),
    )
    .filter(({ target }) => target.endpoints.length > 0);
}

/** The id of the database of an orchestrator. */
export function runDatabaseId(run: string, orchestrator: string): string {
  return `run:${run}/${orchestrator}`;
}

function ofRun(run: DatabaseRun['snapshot'], { id, shards }: OrchestratorSnapshot): FoundDatabase {
  return {
    target: {
      id: runDatabaseId(run.id, id),
      name: id === unnamed ? run.experiment : `${run.experiment}/${id}`,
      endpoints: shards
        .filter(({ status }) => status === 'Running')
        .map(({ host, port }) => ({ kind: 'tcp', host, port })),
      own: true,
    },
    origins: [{ kind: 'run', run: run.id, orchestrator: id }],
  };
}

function serves({ phase }: OrchestratorSnapshot): boolean {
  return phase === 'ready' || phase === 'degraded';
}
