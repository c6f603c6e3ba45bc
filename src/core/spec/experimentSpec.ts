import type { DocumentPath } from '../base/problem';

/**
 * An experiment file after all checks: only `validateExperiment` makes one, and everything later
 * takes it as it is. `at` is the place in the document that a value came from, so that a failure
 * hours later can still open the right line.
 */
export interface ExperimentSpec {
  /** Absolute path of the file. */
  readonly file: string;
  readonly experiment: string;
  /** Absolute directory of the experiment: `path`, or `./<experiment>` beside the file. */
  readonly directory: string;
  readonly launcher: 'local' | 'auto';
  readonly orchestrators: readonly OrchestratorSpec[];
  readonly models: readonly ModelSpec[];
}

export interface OrchestratorSpec {
  readonly at: DocumentPath;
  /** `db_identifier`; `orchestrator` means variables without a suffix. */
  readonly identifier: string;
  readonly engine: 'auto' | 'redis' | 'valkey';
  /** Count of shards. */
  readonly dbNodes: number;
  /** `auto`: any free port of this machine. */
  readonly port: number | 'auto';
  /** Network interfaces to bind, by name. */
  readonly networkInterfaces: readonly string[];
  /** Absent: clients are given the port. */
  readonly unixSocket?: UnixSocket;
  /** Every client may change the servers' configuration. */
  readonly clientConfig: boolean;
  readonly ai: AiSpec;
  /** Bytes; absent: no limit of ours. */
  readonly maxMemory?: number;
  /** Directives passed on to the server, in file order. */
  readonly conf: readonly ConfDirective[];
}

export interface UnixSocket {
  /** Absolute. */
  readonly path: string;
  /** Octal digits, as `700`. */
  readonly permissions: string;
}

/** What serves tensors in an orchestrator. */
export interface AiSpec {
  readonly provider: 'auto' | 'redisai' | 'builtin' | 'none';
  /** Arguments of the module, by the names that RedisAI gives them. */
  readonly settings: readonly (readonly [name: string, value: number])[];
}

export interface ConfDirective {
  readonly at: DocumentPath;
  readonly name: string;
  readonly args: readonly string[];
}

export interface ModelSpec {
  readonly at: DocumentPath;
  readonly name: string;
  /** Absolute working directory: `path`, or `<experiment directory>/<name>`. */
  readonly directory: string;
  readonly runSettings: RunSettings;
  readonly dependsOn: readonly Dependency[];
  /** Names of the entities whose keys it reads: `SSKEYIN`. */
  readonly incoming: readonly string[];
  readonly enableKeyPrefixing: boolean;
  readonly files: {
    /** Absolute paths, copied into the working directory under their last name. */
    readonly toCopy: readonly StagedFile[];
    readonly toSymlink: readonly StagedFile[];
  };
}

export interface StagedFile {
  readonly at: DocumentPath;
  readonly path: string;
}

export interface RunSettings {
  /** As written: a name to be looked up in PATH, or a path relative to the file. */
  readonly exe: string;
  readonly exeArgs: readonly string[];
  /** Absent: the program is started directly. */
  readonly runCommand?: string;
  /** Argument name as written, and its value; null: the name alone. */
  readonly runArgs: readonly (readonly [name: string, value: string | null])[];
  readonly envVars: Readonly<Record<string, string>>;
}

export interface Dependency {
  readonly at: DocumentPath;
  readonly model: string;
  /** `started`: its process runs. `completed`: it ended with return code 0. */
  readonly condition: 'started' | 'completed';
}
