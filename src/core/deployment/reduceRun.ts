import { assertNever } from '../../shared/assertNever';
import type { Problem } from '../base/problem';
import type { EntityReference, ShardFinding, ShardMeasurement, ShardSlots } from '../launch/launchEvents';
import type { DeploymentPlan } from '../plan/deploymentPlan';
import type { RecordedEvent, RunEvent } from './runEvents';
import type {
  EntityStatus,
  ModelSnapshot,
  OrchestratorPhase,
  OrchestratorSnapshot,
  RunPhase,
  RunSnapshot,
  ShardSnapshot,
} from './runSnapshot';

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

function plannedRun(plan: DeploymentPlan, at: number, sequence: number): RunSnapshot {
  return {
    id: plan.runId,
    experiment: plan.experiment,
    file: plan.file,
    directory: plan.directory,
    runDirectory: plan.runDirectory,
    host: plan.host,
    phase: 'planned',
    startedAt: at,
    orchestrators: plan.orchestrators.map((orchestrator) => ({
      id: orchestrator.identifier,
      at: orchestrator.at,
      phase: 'planned',
      engine: orchestrator.engine,
      version: orchestrator.version,
      ai: orchestrator.ai,
      ssdb: orchestrator.ssdb,
      clustered: orchestrator.clustered,
      shards: orchestrator.shards.map(({ at: place, name, host, port, out, err }) => ({
        name,
        at: place,
        host,
        port,
        status: 'New',
        slots: [],
        out,
        err,
      })),
    })),
    models: plan.models.map(({ at: place, name, out, err }) => ({
      name,
      at: place,
      status: 'New',
      out,
      err,
    })),
    sequence,
  };
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

/** What shards and models have in common. */
type EntityState = Pick<
  ModelSnapshot,
  'status' | 'cause' | 'identity' | 'startedAt' | 'endedAt' | 'returnCode' | 'signal'
>;
type Change = <T extends EntityState>(entity: T) => T;

function withEntity(
  snapshot: RunSnapshot,
  { kind, name }: EntityReference,
  change: (entity: EntityState) => EntityState,
): RunSnapshot {
  const changed: Change = (entity) => mergeState(entity, change(entity));
  if (kind === 'model') {
    return {
      ...snapshot,
      models: snapshot.models.map((model) => (model.name === name ? changed(model) : model)),
    };
  }
  return withOrchestratorOf(snapshot, { kind, name }, (orchestrator) => ({
    ...orchestrator,
    shards: orchestrator.shards.map((shard) =>
      shard.name === name ? changed(without(shard, ...foundNames)) : shard,
    ),
  }));
}

const stateNames = ['status', 'cause', 'identity', 'startedAt', 'endedAt', 'returnCode', 'signal'] as const;

/** What looks find out about a shard; it holds until the next look, or until its process starts or ends. */
const foundNames = [
  'usedMemory',
  'clients',
  'keys',
  'refusingWrites',
  'notAnsweringSince',
  'clusterState',
] as const;

/** The entity with this state and no rest of the one before. */
function mergeState<T extends EntityState>(entity: T, state: EntityState): T {
  return { ...(without(entity, ...stateNames) as T), ...pickState(state) };
}

function pickState(state: EntityState): EntityState {
  const picked: Record<string, unknown> = {};
  for (const name of stateNames) if (state[name] !== undefined) picked[name] = state[name];
  return picked as unknown as EntityState;
}

function without<T extends object, K extends keyof T>(value: T, ...names: readonly K[]): Omit<T, K> {
  const rest = { ...value };
  for (const name of names) Reflect.deleteProperty(rest, name);
  return rest;
}

function withOrchestratorOf(
  snapshot: RunSnapshot,
  { kind, name }: EntityReference,
  change: (orchestrator: OrchestratorSnapshot) => OrchestratorSnapshot,
): RunSnapshot {
  if (kind === 'model') return snapshot;
  return {
    ...snapshot,
    orchestrators: snapshot.orchestrators.map((orchestrator) =>
      orchestrator.shards.some((shard) => shard.name === name) ? change(orchestrator) : orchestrator,
    ),
  };
}

function withOrchestrator(
  snapshot: RunSnapshot,
  identifier: string,
  change: (orchestrator: OrchestratorSnapshot) => OrchestratorSnapshot,
): RunSnapshot {
  return {
    ...snapshot,
    orchestrators: snapshot.orchestrators.map((orchestrator) =>
      orchestrator.id === identifier ? change(orchestrator) : orchestrator,
    ),
  };
}

function withSlots(
  shards: readonly ShardSnapshot[],
  reported: readonly ShardSlots[],
): readonly ShardSnapshot[] {
  const slots = new Map(reported.map((one) => [one.shard, one.slots]));
  return shards.map((shard) => ({ ...shard, slots: slots.get(shard.name) ?? shard.slots }));
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

function phaseAfterShardChange({ phase, shards }: OrchestratorSnapshot): OrchestratorPhase {
  const failed = shards.filter((shard) => shard.status === 'Failed').length;
  switch (phase) {
    case 'planned':
    case 'starting':
    case 'forming':
      return failed > 0 ? 'failed' : phase;
    case 'ready':
    case 'degraded':
      if (failed === shards.length) return 'failed';
      return shards.some(isUnwellShard) ? 'degraded' : 'ready';
    case 'stopping':
      return shards.some((shard) => shard.status === 'Running') ? 'stopping' : 'stopped';
    case 'stopped':
    case 'failed':
    case 'lost':
      return phase;
    default:
      return assertNever(phase);
  }
}

function phaseWhenStopping({ phase, shards }: OrchestratorSnapshot): OrchestratorPhase {
  if (phase === 'failed' || phase === 'stopped') return phase;
  return shards.some((shard) => shard.status === 'Running') ? 'stopping' : 'stopped';
}

function isUp(phase: OrchestratorPhase): boolean {
  return phase === 'ready' || phase === 'degraded';
}

/** What was found at a shard now stands for all that was found before. */
function withMeasurements(
  snapshot: RunSnapshot,
  measurements: readonly ShardMeasurement[],
  findings: readonly ShardFinding[],
): RunSnapshot {
  const measured = new Map(measurements.map((measurement) => [measurement.shard, measurement]));
  const found = new Map(findings.map((finding) => [finding.shard, finding]));
  const looked = (shard: ShardSnapshot): ShardSnapshot => {
    const measurement = measured.get(shard.name);
    const finding = found.get(shard.name);
    // One that has ended meanwhile is judged by its end.
    if (shard.status !== 'Running' || (measurement ?? finding) === undefined) return shard;
    return {
      ...without(shard, 'cause', ...foundNames),
      ...(measurement && figuresOf(measurement)),
      ...(finding && healthOf(finding)),
    };
  };
  return {
    ...snapshot,
    orchestrators: snapshot.orchestrators.map((orchestrator) => {
      const shards = orchestrator.shards.map(looked);
      return { ...orchestrator, shards, phase: phaseAfterLook(orchestrator, shards) };
    }),
  };
}

function figuresOf(measurement: ShardMeasurement): Partial<ShardSnapshot> {
  const { usedMemory, clients, keys, refusesWrites, clusterOk } = measurement;
  return {
    usedMemory,
    clients,
    keys,
    ...(refusesWrites === true ? { refusingWrites: true } : {}),
    ...(clusterOk === undefined ? {} : { clusterState: clusterOk ? 'ok' : 'fail' }),
  };
}

function healthOf({ cause, notAnsweringSince }: ShardFinding): Partial<ShardSnapshot> {
  return { cause, ...(notAnsweringSince === undefined ? {} : { notAnsweringSince }) };
}

/** A look that finds nothing new changes no phase: one that is about to be ready again says so by itself. */
function phaseAfterLook(before: OrchestratorSnapshot, shards: readonly ShardSnapshot[]): OrchestratorPhase {
  const unwell = (all: readonly ShardSnapshot[]): string =>
    all
      .filter(isUnwellShard)
      .map(({ name }) => name)
      .join();
  if (!isUp(before.phase) || unwell(before.shards) === unwell(shards)) return before.phase;
  return phaseAfterShardChange({ ...before, shards });
}

/** While a run is up, its phase says whether all of it is well. */
function withHealth(snapshot: RunSnapshot): RunSnapshot {
  if (snapshot.phase !== 'ready' && snapshot.phase !== 'degraded') return snapshot;
  const cause = firstCause(snapshot);
  const partly =
    entitiesOf(snapshot).some(isUnwell) || snapshot.orchestrators.some(({ phase }) => phase !== 'ready');
  const phase: RunPhase = partly ? 'degraded' : 'ready';
  return { ...without(snapshot, 'cause'), phase, ...(cause === undefined ? {} : { cause }) };
}

function entitiesOf(snapshot: RunSnapshot): readonly (ShardSnapshot | ModelSnapshot)[] {
  return [...snapshot.orchestrators.flatMap(({ shards }) => shards), ...snapshot.models];
}

function isFailure({ status }: { readonly status: EntityStatus }): boolean {
  return status === 'Failed' || status === 'NeverStarted';
}

/** Failed, or running without serving as it should. */
function isUnwell(entity: ShardSnapshot | ModelSnapshot): boolean {
  return isFailure(entity) || (entity.status === 'Running' && entity.cause !== undefined);
}

/** In an orchestrator that was ready every shard has been started: one that does not run is being restarted, or has failed. */
function isUnwellShard(shard: ShardSnapshot): boolean {
  return shard.status !== 'Running' || isUnwell(shard);
}

/** What has failed tells more than what may come back. */
function firstCause(snapshot: RunSnapshot): Problem | undefined {
  return firstFailure(snapshot) ?? entitiesOf(snapshot).find(isUnwell)?.cause;
}

function firstFailure(snapshot: RunSnapshot): Problem | undefined {
  return entitiesOf(snapshot).find((entity) => isFailure(entity) && entity.cause !== undefined)?.cause;
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

/** Every orchestrator had failed; or, in a run without one, every model. */
function nothingServed({ orchestrators, models }: RunSnapshot): boolean {
  if (orchestrators.length > 0) return orchestrators.every(({ phase }) => phase === 'failed');
  return models.length > 0 && models.every(isFailure);
}
