import { without } from '../base/without';
import type { ShardFinding, ShardMeasurement } from '../launch/launchEvents';
import { foundNames } from './entityChanges';
import { phaseAfterLook } from './orchestratorPhase';
import type { RunSnapshot, ShardSnapshot } from './runSnapshot';

/** What was found at a shard now stands for all that was found before. */
export function withMeasurements(
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
