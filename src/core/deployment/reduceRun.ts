import { assertNever } from '../../shared/assertNever';
import { without } from '../base/without';
import type { EntityReference } from '../launch/launchEvents';
import { withEntity, withOrchestrator, withOrchestratorOf, withSlots } from './entityChanges';
import { isUp, phaseAfterShardChange, phaseWhenStopping } from './orchestratorPhase';
import { plannedRun } from './plannedRun';
import type { RecordedEvent, RunEvent } from './runEvents';
import { firstFailure, isUnwellShard, nothingServed, withHealth } from './runHealth';
import type { EntityStatus, RunSnapshot } from './runSnapshot';
import { withMeasurements } from './shardMeasurements';

/**
 * The next state of a run. Pure; the same events always give the same state, in the supervisor, in
 * every window and from the journal.
 *
 * A shard or model:
 *
 *     New --process-started--> Running --process-exited--> Completed   (a model, return code 0)
 *      |                         ^  |                      Cancelled   (we had asked it to end)
 *      |                         |  +--------------------> Failed      (anything else; any end of a shard)
 *      |                         +-- started again --------+
 *      +--process-not-started--> Failed
 *      +--model-skipped, run-ended--> NeverStarted
 *
 * An orchestrator:
 *
 *     planned -> starting -> [forming ->] ready <-> degraded <-> failed  (a shard is not well, all failed; a restart leads back)
 *        |          |          \         /
 *        |          v           v       v
 *        |        failed        stopping -> stopped
 *        +----------------------------------^
 *
 * The run: see `RunPhase`.
 */
export function reduceRun(snapshot: RunSnapshot | undefined, recorded: RecordedEvent): RunSnapshot {
  const { event, at, sequence } = recorded;
  if (event.type === 'run-planned') return plannedRun(event.plan, at, sequence);
  if (snapshot === undefined) throw new Error(`The first event of a run is ${event.type}, not run-planned`);
  return { ...withHealth(apply(snapshot, event, at)), sequence };
}

function apply(
  snapshot: RunSnapshot,
  event: Exclude<RunEvent, { type: 'run-planned' }>,
  at: number,
): RunSnapshot {
  switch (event.type) {
    case 'supervisor-started':
      return { ...snapshot, phase: 'starting', supervisor: event.identity, socket: event.socket };
    case 'run-adopted': {
      const phase = snapshot.phase === 'planned' ? 'starting' : snapshot.phase;
      return { ...snapshot, phase, supervisor: event.identity, socket: event.socket };
    }
    case 'process-intended':
      return withOrchestratorOf(snapshot, event.entity, (orchestrator) =>
        orchestrator.phase === 'planned' ? { ...orchestrator, phase: 'starting' } : orchestrator,
      );
    case 'process-started':
      return withEntity(snapshot, event.entity, (entity) => ({
        ...without(entity, 'cause', 'endedAt', 'returnCode', 'signal'),
        status: 'Running',
        identity: event.identity,
        startedAt: at,
      }));
    case 'process-not-started':
      return afterShardChange(
        withEntity(snapshot, event.entity, (entity) => ({
          ...entity,
          status: 'Failed',
          cause: event.cause,
          endedAt: at,
        })),
        event.entity,
      );
    case 'process-exited':
      return afterShardChange(
        withEntity(snapshot, event.entity, (entity) => ({
          ...without(entity, 'cause'),
          status: statusAfterExit(event),
          endedAt: at,
          returnCode: event.returnCode,
          ...(event.signal === null ? {} : { signal: event.signal }),
          ...(event.cause === undefined ? {} : { cause: event.cause }),
        })),
        event.entity,
      );
    case 'shard-answered':
      return withOrchestratorOf(snapshot, { kind: 'shard', name: event.shard }, (orchestrator) => ({
        ...orchestrator,
        version: event.version,
      }));
    case 'cluster-forming':
      return withOrchestrator(snapshot, event.identifier, (orchestrator) => ({
        ...orchestrator,
        phase: orchestrator.phase === 'starting' ? 'forming' : orchestrator.phase,
      }));
    case 'orchestrator-ready':
      return withOrchestrator(snapshot, event.identifier, (orchestrator) => ({
        ...orchestrator,
        phase: orchestrator.shards.some(isUnwellShard) ? 'degraded' : 'ready',
        ...(event.formationMs === undefined ? {} : { formationMs: event.formationMs }),
        shards: withSlots(orchestrator.shards, event.slots ?? []),
      }));
    case 'model-skipped':
      return withEntity(snapshot, { kind: 'model', name: event.model }, (model) => ({
        ...model,
        status: 'NeverStarted',
        cause: event.cause,
      }));
    case 'launch-finished':
      return snapshot.phase === 'starting' ? { ...snapshot, phase: 'ready' } : snapshot;
    case 'launch-failed':
      return {
        ...snapshot,
        phase: 'failed',
        cause: event.cause,
        orchestrators: snapshot.orchestrators.map((orchestrator) => ({
          ...orchestrator,
          phase: isUp(orchestrator.phase) ? 'stopping' : 'failed',
        })),
      };
    case 'stop-requested':
      return {
        ...without(snapshot, 'unended'),
        phase: snapshot.phase === 'failed' ? 'failed' : 'stopping',
        orchestrators: snapshot.orchestrators.map((orchestrator) => ({
          ...orchestrator,
          phase: phaseWhenStopping(orchestrator),
        })),
      };
    case 'model-restart-requested':
    case 'shard-restart-requested':
    case 'end-attempted':
      return snapshot;
    case 'end-refused':
      return {
        ...snapshot,
        unended: event.cause,
        // Why a launch has failed is worth more than why it is not over.
        ...(snapshot.phase === 'stopping' ? { cause: event.cause } : {}),
      };
    case 'end-completed':
      return withoutRefusal(snapshot);
    case 'shards-measured':
      return withMeasurements(snapshot, event.measurements, event.findings ?? []);
    case 'run-ended':
      return endedRun(snapshot, at);
    default:
      return assertNever(event);
  }
}

function statusAfterExit(event: Extract<RunEvent, { type: 'process-exited' }>): EntityStatus {
  if (event.requested) return 'Cancelled';
  return event.entity.kind === 'model' && event.returnCode === 0 ? 'Completed' : 'Failed';
}

function afterShardChange(snapshot: RunSnapshot, entity: EntityReference): RunSnapshot {
  return withOrchestratorOf(snapshot, entity, (orchestrator) => ({
    ...orchestrator,
    phase: phaseAfterShardChange(orchestrator),
  }));
}

/** Nothing lives that was to end. */
function withoutRefusal(snapshot: RunSnapshot): RunSnapshot {
  if (snapshot.unended === undefined) return snapshot;
  const rest = without(snapshot, 'unended');
  return snapshot.phase === 'stopping' ? without(rest, 'cause') : rest;
}

function endedRun(unfinished: RunSnapshot, at: number): RunSnapshot {
  const snapshot = withoutRefusal(unfinished);
  const failed = snapshot.phase === 'failed' || nothingServed(snapshot);
  const cause = failed ? (snapshot.cause ?? firstFailure(snapshot)) : undefined;
  const neverStarted = <T extends { readonly status: EntityStatus }>(entity: T): T =>
    entity.status === 'New' ? { ...entity, status: 'NeverStarted' } : entity;
  return {
    ...without(snapshot, 'cause'),
    phase: failed ? 'failed' : 'stopped',
    ...(cause === undefined ? {} : { cause }),
    endedAt: at,
    orchestrators: snapshot.orchestrators.map((orchestrator) => ({
      ...orchestrator,
      phase: orchestrator.phase === 'failed' ? 'failed' : 'stopped',
      shards: orchestrator.shards.map(neverStarted),
    })),
    models: snapshot.models.map(neverStarted),
  };
}
