import { Emitter } from '../../src/core/base/event';
import { success } from '../../src/core/base/result';
import type {
  ModelSnapshot,
  OrchestratorSnapshot,
  RunSnapshot,
  ShardSnapshot,
} from '../../src/core/deployment/runSnapshot';
import type { Run } from '../../src/core/run/run';
import type { RunRecord } from '../../src/core/run/runRecord';

/** A shard that runs and was not measured yet. */
export function shardSnapshot(more: Partial<ShardSnapshot> = {}): ShardSnapshot {
  return {
    name: 'orchestrator_0',
    at: ['orchestrator'],
    host: '127.0.0.1',
    port: 6780,
    status: 'Running',
    slots: [],
    startedAt: 1000,
    out: '/run/logs/orchestrator_0.out',
    err: '/run/logs/orchestrator_0.err',
    ...more,
  };
}

export function orchestratorSnapshot(more: Partial<OrchestratorSnapshot> = {}): OrchestratorSnapshot {
  return {
    id: 'orchestrator',
    at: ['orchestrator'],
    phase: 'ready',
    engine: 'redis',
    version: '7.0.15',
    ai: 'none',
    ssdb: '127.0.0.1:6780',
    clustered: false,
    shards: [shardSnapshot()],
    ...more,
  };
}

/** A model that has not been started. */
export function unstartedModel(name: string): ModelSnapshot {
  return {
    name,
    at: ['models', name],
    status: 'New',
    out: `/run/logs/${name}.out`,
    err: `/run/logs/${name}.err`,
  };
}

/** A model that runs. */
export function modelSnapshot(more: Partial<ModelSnapshot> = {}): ModelSnapshot {
  return { ...unstartedModel('simulation'), status: 'Running', startedAt: 2000, ...more };
}

export function runSnapshot(more: Partial<RunSnapshot> = {}): RunSnapshot {
  return {
    id: '20261123T150000-0001',
    experiment: 'lattice',
    file: '/lab/lattice.smartsim.yaml',
    directory: '/lab/lattice',
    runDirectory: '/lab/lattice/.smartsim/workbench/20261123T150000-0001',
    host: 'login1',
    phase: 'ready',
    startedAt: 1000,
    orchestrators: [orchestratorSnapshot()],
    models: [modelSnapshot()],
    sequence: 1,
    ...more,
  };
}

/** A run in the hands of a test: `become` is what its supervisor would tell. */
export class ScriptedRun implements Run {
  private readonly changed = new Emitter<Run>();
  readonly onDidChange = this.changed.event;
  disposed = 0;
  measured = 0;
  stops = 0;

  constructor(
    public snapshot: RunSnapshot,
    public live = true,
    private readonly createdAt = snapshot.startedAt,
  ) {}

  get record(): RunRecord {
    const { id, experiment, file, runDirectory, host } = this.snapshot;
    return { version: 1, id, experiment, file, runDirectory, host, createdAt: this.createdAt };
  }

  become(snapshot: RunSnapshot, live = this.live): void {
    this.snapshot = snapshot;
    this.live = live;
    this.changed.fire(this);
  }

  measure(): Promise<void> {
    this.measured += 1;
    return Promise.resolve();
  }

  stop(): ReturnType<Run['stop']> {
    this.stops += 1;
    this.become({ ...this.snapshot, phase: 'stopped' }, false);
    return Promise.resolve(success(this.snapshot));
  }

  restart(): ReturnType<Run['restart']> {
    return Promise.resolve(success(undefined));
  }

  repair(): ReturnType<Run['repair']> {
    return Promise.resolve(success(undefined));
  }

  dispose(): void {
    this.disposed += 1;
  }
}
