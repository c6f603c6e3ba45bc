import type { DocumentPath } from '../base/problem';

/**
 * Everything that a launch will do, as data: nothing is left to be decided later, all paths are
 * absolute. It is written into the run directory and is all that the supervisor knows.
 */
export interface DeploymentPlan {
  readonly version: 1;
  readonly runId: string;
  readonly experiment: string;
  /** The experiment file. */
  readonly file: string;
  /** The experiment's directory. */
  readonly directory: string;
  /** `<directory>/.smartsim/workbench/<runId>`: journal, configurations, logs, server directories. */
  readonly runDirectory: string;
  /** Name of the host that everything runs on. */
  readonly host: string;
  /**
   * Our AI engine, where a server loads it: it loads a copy inside the run directory, so that no update of ours harms
   * the run. Absolute paths.
   */
  readonly engine?: { readonly from: string; readonly copy: string };
  readonly orchestrators: readonly OrchestratorPlan[];
  /** In an order in which every model comes after those it depends on. */
  readonly models: readonly ModelPlan[];
}

export interface OrchestratorPlan {
  readonly at: DocumentPath;
  readonly identifier: string;
  readonly engine: 'redis' | 'valkey' | 'keydb';
  /** Version of the server binary, as `7.0.15`. */
  readonly version: string;
  /** What serves tensors in it. */
  readonly ai: 'none' | 'redisai' | 'builtin';
  readonly clustered: boolean;
  /** Value of `SSDB`: `ip:port` of all shards, joined by commas, or `unix://` and the path of a socket. */
  readonly ssdb: string;
  readonly shards: readonly ShardPlan[];
}

/** First and last slot, both inclusive. */
export type SlotRange = readonly [from: number, to: number];

export interface ShardPlan {
  readonly at: DocumentPath;
  readonly name: string;
  /** IPv4 address that it binds first and is spoken to at. */
  readonly host: string;
  readonly port: number;
  /** On which the shards of a cluster talk to each other; absent in a standalone orchestrator. */
  readonly busPort?: number;
  /** Absolute path of a socket that it listens at, besides its port. */
  readonly unixSocket?: string;
  /** That it serves; empty in a standalone orchestrator, which has no slots. */
  readonly slots: readonly SlotRange[];
  readonly argv: readonly string[];
  /** Working directory, inside the run directory. */
  readonly directory: string;
  readonly configuration: {
    /** Absolute path, inside the run directory. */
    readonly path: string;
    readonly text: string;
    /** For each line of `text` that the user's `conf` gave: its place in the experiment file. */
    readonly lines: readonly { readonly line: number; readonly at: DocumentPath }[];
  };
  /** Log files, absolute. */
  readonly out: string;
  readonly err: string;
}

export interface ModelPlan {
  readonly at: DocumentPath;
  readonly name: string;
  readonly directory: string;
  /** Program first, as an absolute path. */
  readonly argv: readonly string[];
  /** Set on top of the environment of where the launch was asked for. */
  readonly environment: Readonly<Record<string, string>>;
  readonly dependsOn: readonly { readonly model: string; readonly condition: 'started' | 'completed' }[];
  readonly stage: readonly StageStep[];
  readonly out: string;
  readonly err: string;
}

/** A file put into a model's directory before it starts. */
export interface StageStep {
  readonly action: 'copy' | 'symlink';
  readonly from: string;
  readonly to: string;
  readonly at: DocumentPath;
}
