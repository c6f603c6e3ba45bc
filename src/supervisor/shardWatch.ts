import { setTimeout as delay } from 'node:timers/promises';
import { localTime } from '../core/base/localTime';
import { OneAtATime } from '../core/base/oneAtATime';
import { problem } from '../core/base/problem';
import { clusterDamage, type ClusterAnswers } from '../core/launch/cluster/clusterDamage';
import type { ShardFinding, ShardMeasurement } from '../core/launch/launchEvents';
import type { ShardConnection } from '../core/launch/shardConnection';
import type { OrchestratorPlan } from '../core/plan/deploymentPlan';
import { measureNode, type NodeMeasurement } from '../core/redis/measureNode';
import { measureServer } from '../core/redis/redisAdmin';
import { RedisFailure, RedisRefusal } from '../core/redis/redisFailure';

/** A running shard, as it is asked. */
export interface WatchedShard {
  readonly name: string;
  readonly pid: number;
  readonly connection: ShardConnection;
  readonly orchestrator: OrchestratorPlan;
}

/** What one look has found. */
export interface Look {
  readonly measurements: readonly ShardMeasurement[];
  readonly findings: readonly ShardFinding[];
}

interface Finding {
  readonly shard: WatchedShard;
  readonly measurement?: NodeMeasurement;
  readonly finding?: ShardFinding;
}

/** Milliseconds from the beginning of one look to that of the next, however often somebody asks. */
const pace = 100;

/**
 * Asks the running shards how they are, when somebody wants to know and only then: all at once, each in one
 * round trip, each with the same time to answer. However many ask, one look is under way and one waits.
 */
export class ShardWatch {
  private readonly looks = new OneAtATime(() => this.look());
  private readonly silentSince = new Map<string, number>();
  /** On the monotonic clock. */
  private lastBegan = -pace;

  /** `limit`: milliseconds that a shard has to answer. */
  constructor(
    private readonly running: () => readonly WatchedShard[],
    private readonly limit: number,
    private readonly tell: (look: Look) => void,
  ) {}

  /** Resolves when a look that began after the call was told; at the latest after two limits and a pause. */
  ask(): Promise<void> {
    return this.looks.run();
  }

  private async look(): Promise<void> {
    const early = this.lastBegan + pace - performance.now();
    if (early > 0) await delay(early);
    this.lastBegan = performance.now();
    const shards = this.running();
    const names = new Set(shards.map(({ name }) => name));
    for (const name of [...this.silentSince.keys()]) if (!names.has(name)) this.silentSince.delete(name);
    const found = await Promise.all(shards.map((shard) => this.lookAt(shard)));
    if (found.length === 0) return;
    const measurements = found.flatMap(
      ({ shard, measurement }) => measurementOf(shard.name, measurement) ?? [],
    );
    const findings = found.flatMap(({ finding }) => finding ?? []);
    const known = new Set(findings.map(({ shard }) => shard));
    const damages = damagesIn(found).filter(({ shard }) => !known.has(shard));
    this.tell({ measurements, findings: [...findings, ...damages] });
  }

  private async lookAt(watched: WatchedShard): Promise<Finding> {
    const { name: shard, pid, connection, orchestrator } = watched;
    const askedAt = Date.now();
    try {
      const question = orchestrator.clustered ? measureNode : measureServer;
      const measurement = await connection.ask<NodeMeasurement>(question, this.limit);
      this.silentSince.delete(shard);
      if (!measurement.refusesWrites) return { shard: watched, measurement };
      const cause = problem('shard-refuses-writes', { shard, bytes: measurement.usedMemory });
      return { shard: watched, measurement, finding: { shard, cause } };
    } catch (error) {
      if (error instanceof RedisRefusal) {
        this.silentSince.delete(shard);
        const code = /^(?:NOPERM|NOAUTH|WRONGPASS)\b/.test(error.message)
          ? 'shard-refuses-access'
          : 'shard-refuses-questions';
        const cause = problem(code, { shard, reply: error.message });
        return { shard: watched, finding: { shard, cause } };
      }
      if (!(error instanceof RedisFailure)) throw error;
      const since = this.silentSince.get(shard) ?? askedAt;
      this.silentSince.set(shard, since);
      const cause = problem('shard-not-answering', { shard, pid, since: localTime(since) });
      return { shard: watched, finding: { shard, cause, notAnsweringSince: since } };
    }
  }
}

function measurementOf(
  shard: string,
  measurement: NodeMeasurement | undefined,
): ShardMeasurement | undefined {
  if (measurement === undefined) return undefined;
  const { cluster, ...figures } = measurement;
  return { shard, ...figures, ...(cluster === undefined ? {} : { clusterOk: cluster.state.ok }) };
}

/** What the answers of all nodes together tell of each cluster. */
function damagesIn(found: readonly Finding[]): readonly ShardFinding[] {
  const answers = new Map<OrchestratorPlan, Map<string, NonNullable<NodeMeasurement['cluster']>>>();
  for (const { shard, measurement } of found) {
    if (measurement?.cluster === undefined) continue;
    const ofCluster =
      answers.get(shard.orchestrator) ?? new Map<string, NonNullable<NodeMeasurement['cluster']>>();
    answers.set(shard.orchestrator, ofCluster.set(shard.name, measurement.cluster));
  }
  return [...answers].flatMap(([{ identifier, shards }, ofCluster]: [OrchestratorPlan, ClusterAnswers]) => {
    const damage = clusterDamage(identifier, shards, ofCluster);
    return damage?.shards.map((shard) => ({ shard, cause: damage.cause })) ?? [];
  });
}
