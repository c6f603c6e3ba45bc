// Made from experiment.schema.json by scripts/describe-experiment-file.mjs: change it there.

/** Describes an experiment: its orchestrators, models and ensembles. The words are the parameter names of SmartSim. */
export interface ExperimentFile {
  /** Version of this file format. */
  readonly version: 1;
  /** Name of the experiment. */
  readonly experiment: string;
  /** Directory of the experiment, relative to this file; `./<experiment>` when absent. */
  readonly path?: string;
  /** How everything is started: on this machine (`local`), or by a workload manager. `auto` takes the workload manager that is found here, else `local`. */
  readonly launcher?: 'local' | 'slurm' | 'pbs' | 'lsf' | 'sge' | 'auto';
  /** Name of a saved environment (`ssw env save`) that all processes get. When absent: the environment in which the launch was asked for. */
  readonly environment?: string;
  /** The in-memory database of the experiment. It is ready before anything else starts. */
  readonly orchestrator?: OrchestratorSection;
  /** Several orchestrators, by their `db_identifier`. */
  readonly orchestrators?: Readonly<Record<string, OrchestratorSection>>;
  /** Applications and simulations, by their name. */
  readonly models?: Readonly<Record<string, ModelSection>>;
  /** Groups of models that are generated from `params` or `replicas`, by their name. */
  readonly ensembles?: Readonly<Record<string, EnsembleSection>>;
}

/** An in-memory database: one server, or a cluster of several. */
export interface OrchestratorSection {
  /** Name by which clients select it: `X` makes the variables `SSDB_X` and `SR_DB_TYPE_X`; `orchestrator` stands for the variables without a suffix. */
  readonly db_identifier?: string;
  /** Working directory of the shards, relative to this file; inside the directory of the run when absent. */
  readonly path?: string;
  /** Which database server runs. `auto` takes the first one found on this machine. */
  readonly engine?: 'auto' | 'redis' | 'keydb' | 'valkey';
  /** Number of shards: 1, or 3 to 64 for a cluster. */
  readonly db_nodes?: number;
  /** Port that the first shard listens on; `auto` takes a free one. Further shards on the same host take the next free ports. */
  readonly port?: number | 'auto';
  /** Name of the network interface to listen on, or several. */
  readonly interface?: string | readonly string[];
  /** Path of a Unix socket that the only shard listens on besides its port, relative to this file: clients are given it in place of the port. */
  readonly unix_socket?: string;
  /** Permissions of the Unix socket, written in octal digits as for chmod. */
  readonly socket_permissions?: number;
  /** Let every client change the configuration of the running servers (`config_set` of SmartRedis). Other users of this machine can do it then, too. */
  readonly client_config?: boolean;
  /** What serves tensors in the database, and executes AI models: a word, or a map with settings. `auto` takes RedisAI where it is installed, else the built-in engine. */
  readonly ai?: 'auto' | 'redisai' | 'builtin' | 'none' | AiSection;
  /** Limit of the memory of each shard: bytes, or a whole number with a unit (`k`, `m` and `g` are powers of 1000, `kb`, `mb` and `gb` powers of 1024). No limit when absent. */
  readonly max_memory?: number | string;
  /** Directives that are passed on to the server. One text is split at white space, a list gives the arguments one by one; `true` and `false` become `yes` and `no`. */
  readonly conf?: Readonly<
    Record<string, string | number | boolean | readonly (string | number | boolean)[]>
  >;
  /** Program that starts the shards on their hosts; `auto` takes what fits the launcher. */
  readonly run_command?: string;
  /** Arguments of the run command. */
  readonly run_args?: ArgumentMapSection;
  /** Start all shards by one command. */
  readonly single_cmd?: boolean;
  /** Names of the hosts that the shards run on, in order. */
  readonly hosts?: string | readonly string[];
  /** Number of CPUs that each shard gets. */
  readonly cpus_per_shard?: number;
  /** Number of GPUs that each shard gets. */
  readonly gpus_per_shard?: number;
  /** Id of an allocation of the workload manager to run in. */
  readonly alloc?: string | number;
  /** Submit the orchestrator as a batch job. */
  readonly batch?: boolean;
  /** Account that the batch job is charged to. */
  readonly account?: string;
  /** Time limit of the batch job, hours:minutes:seconds. */
  readonly time?: string;
  /** Queue or partition that the batch job is submitted to. */
  readonly queue?: string;
  /** Further options of the batch job. */
  readonly batch_args?: ArgumentMapSection;
}

/** Settings of the AI engine. */
export interface AiSection {
  /** Which engine. */
  readonly provider?: 'auto' | 'redisai' | 'builtin' | 'none';
  /** Threads of each device queue. */
  readonly threads_per_queue?: number;
  /** Threads that a framework uses across operations. */
  readonly inter_op_parallelism?: number;
  /** Threads that a framework uses within one operation. */
  readonly intra_op_parallelism?: number;
  /** Interpreter that runs each framework, relative to this file or found in PATH. */
  readonly python?: {
    readonly TF?: string;
    readonly TFLITE?: string;
    readonly TORCH?: string;
    readonly ONNX?: string;
  };
}

/** An application or a simulation. */
export interface ModelSection {
  /** Which program runs, and how. */
  readonly run_settings: RunSettingsSection;
  /** Present: it is submitted to the workload manager as a batch job of its own. */
  readonly batch_settings?: BatchSettingsSection;
  /** Its working directory, relative to this file; `<experiment directory>/<name>` when absent. */
  readonly path?: string;
  /** Files that are put into the working directory before it starts. */
  readonly files?: FilesSection;
  /** AI models that are stored in the orchestrators before anything starts. */
  readonly ml_models?: readonly MlModelSection[];
  /** TorchScript sources that are stored in the orchestrators before anything starts. */
  readonly scripts?: readonly ScriptSection[];
  /** Models and ensembles that come first. A list waits until each has started; a map says for each name whether it must have `started` or `completed` (ended with return code 0). */
  readonly depends_on?: readonly string[] | Readonly<Record<string, 'started' | 'completed'>>;
  /** Models and ensembles whose keys it reads, in the order of preference (`register_incoming_entity` of SmartSim); they are named in `SSKEYIN`. */
  readonly incoming?: readonly string[];
  /** A shard of its own on each host that it runs on. */
  readonly colocated_db?: ColocatedDbSection;
  /** Values that replace the tags of the `to_configure` files. */
  readonly params?: Readonly<Record<string, string | number | boolean>>;
  /** Put the name of the model before each key that it writes (`SSKEYOUT`). */
  readonly enable_key_prefixing?: boolean;
}

/** Models that are generated from one description. */
export interface EnsembleSection {
  /** Which program runs, and how. */
  readonly run_settings?: RunSettingsSection;
  /** Present: it is submitted to the workload manager as a batch job of its own. */
  readonly batch_settings?: BatchSettingsSection;
  /** Its working directory, relative to this file; `<experiment directory>/<name>` when absent. */
  readonly path?: string;
  /** Files that are put into the working directory before it starts. */
  readonly files?: FilesSection;
  /** AI models that are stored in the orchestrators before anything starts. */
  readonly ml_models?: readonly MlModelSection[];
  /** TorchScript sources that are stored in the orchestrators before anything starts. */
  readonly scripts?: readonly ScriptSection[];
  /** Models and ensembles that come first. A list waits until each has started; a map says for each name whether it must have `started` or `completed` (ended with return code 0). */
  readonly depends_on?: readonly string[] | Readonly<Record<string, 'started' | 'completed'>>;
  /** Models and ensembles whose keys it reads, in the order of preference (`register_incoming_entity` of SmartSim); they are named in `SSKEYIN`. */
  readonly incoming?: readonly string[];
  /** A shard of its own on each host that it runs on. */
  readonly colocated_db?: ColocatedDbSection;
  /** Values of each parameter; the strategy combines them to members. */
  readonly params?: Readonly<
    Record<string, string | number | boolean | readonly (string | number | boolean)[]>
  >;
  /** Parameters that are also passed to the program as arguments. */
  readonly params_as_args?: readonly string[];
  /** Number of equal members, instead of `params`. */
  readonly replicas?: number;
  /** How `params` become members: every combination (`all_perm`), the first values, the second values and so on (`step`), or a random choice of `n_models` combinations (`random`). */
  readonly perm_strategy?: 'all_perm' | 'step' | 'random';
  /** How many combinations the strategy `random` takes. */
  readonly n_models?: number;
  /** Put the name of the member before each key that it writes (`SSKEYOUT`). */
  readonly enable_key_prefixing?: boolean;
}

/** Which program runs, and how. */
export interface RunSettingsSection {
  /** The program: a name that is looked up in PATH, or a path relative to this file. */
  readonly exe: string;
  /** Arguments of the program, passed as they are. A list gives them one by one; one text is split at white space. No shell reads them. */
  readonly exe_args?: readonly (string | number | boolean)[] | string;
  /** Program that starts the executable, such as `mpirun`; `auto` takes what fits the launcher, and nothing on this machine. */
  readonly run_command?: string;
  /** Arguments of the run command. */
  readonly run_args?: ArgumentMapSection;
  /** Variables that are set for the program, on top of its environment. */
  readonly env_vars?: Readonly<Record<string, string | number | boolean>>;
  /** Id of an allocation of the workload manager to run in. */
  readonly alloc?: string | number;
}

/** Name and value of each argument; `null` for an argument without a value. */
export type ArgumentMapSection = Readonly<Record<string, string | number | boolean | null>>;

/** How the batch job is submitted. */
export interface BatchSettingsSection {
  /** Number of nodes. */
  readonly nodes?: number;
  /** Time limit, hours:minutes:seconds. */
  readonly time?: string;
  /** Queue or partition. */
  readonly queue?: string;
  /** Account that is charged. */
  readonly account?: string;
  /** Names of the hosts to run on. */
  readonly hostlist?: string | readonly string[];
  /** Further options of the batch job. */
  readonly batch_args?: ArgumentMapSection;
  /** Program that submits the job, when it is not the usual one. */
  readonly batch_command?: string;
  /** Lines that are written into the batch script as they are, before the program starts. */
  readonly preamble?: string | readonly string[];
}

/** Files that are put into the working directory; paths are relative to this file. */
export interface FilesSection {
  /** Files that are copied under their last name; of a directory the contents are copied. */
  readonly to_copy?: readonly string[];
  /** Files and directories that are linked under their last name. */
  readonly to_symlink?: readonly string[];
  /** Files that are copied, with the tags in them replaced by `params`. */
  readonly to_configure?: readonly string[];
  /** Text before and after a parameter name in `to_configure` files. */
  readonly tag?: string;
}

/** An AI model that is stored in the orchestrators. */
export interface MlModelSection {
  /** Key that it is stored under. */
  readonly name: string;
  /** Framework that executes it. */
  readonly backend: 'TF' | 'TFLITE' | 'TORCH' | 'ONNX';
  /** The model, relative to this file. */
  readonly file: string;
  /** Where it runs: `CPU`, `GPU`, or one device as `GPU:1`. */
  readonly device?: string;
  /** On how many GPUs of a node it is stored, counted from `first_device`. */
  readonly devices_per_node?: number;
  /** Number of the first GPU that is used. */
  readonly first_device?: number;
  /** Largest batch that is executed at once; 0: no batching. */
  readonly batch_size?: number;
  /** Smallest batch that is waited for; 0: none. */
  readonly min_batch_size?: number;
  /** Milliseconds that the smallest batch is waited for; 0: for ever. */
  readonly min_batch_timeout?: number;
  /** Text that is stored with the model, such as its version. */
  readonly tag?: string;
  /** Names of the input nodes (backend TF). */
  readonly inputs?: string | readonly string[];
  /** Names of the output nodes (backend TF). */
  readonly outputs?: string | readonly string[];
}

/** A TorchScript source that is stored in the orchestrators. */
export interface ScriptSection {
  /** Key that it is stored under. */
  readonly name: string;
  /** The source, relative to this file. */
  readonly file: string;
  /** Where it runs: `CPU`, `GPU`, or one device as `GPU:1`. */
  readonly device?: string;
  /** On how many GPUs of a node it is stored, counted from `first_device`. */
  readonly devices_per_node?: number;
  /** Number of the first GPU that is used. */
  readonly first_device?: number;
}

/** A shard on each host of the model, reached by a TCP port or by a Unix socket. */
export interface ColocatedDbSection {
  /** Name by which clients select it; absent: the variables without a suffix. */
  readonly db_identifier?: string;
  /** Port that it listens on; `auto` takes a free one. */
  readonly port?: number | 'auto';
  /** Name of the network interface to listen on, or several. */
  readonly ifname?: string | readonly string[];
  /** Path of a Unix socket to listen on, instead of a port. */
  readonly unix_socket?: string;
  /** Permissions of the Unix socket, written in octal digits as for chmod. */
  readonly socket_permissions?: number;
  /** Number of CPUs that the shard gets on each host. */
  readonly db_cpus?: number;
  /** Numbers of the CPUs that the shard is bound to; an empty list binds it to none. */
  readonly custom_pinning?: readonly number[];
  /** Keep the model off the CPUs of the shard. */
  readonly limit_app_cpus?: boolean;
  /** Write detailed logs. */
  readonly debug?: boolean;
  /** Which database server runs. `auto` takes the first one found on this machine. */
  readonly engine?: 'auto' | 'redis' | 'keydb' | 'valkey';
  /** What serves tensors in the database, and executes AI models: a word, or a map with settings. `auto` takes RedisAI where it is installed, else the built-in engine. */
  readonly ai?: 'auto' | 'redisai' | 'builtin' | 'none' | AiSection;
  /** Limit of the memory of each shard: bytes, or a whole number with a unit (`k`, `m` and `g` are powers of 1000, `kb`, `mb` and `gb` powers of 1024). No limit when absent. */
  readonly max_memory?: number | string;
  /** Directives that are passed on to the server. One text is split at white space, a list gives the arguments one by one; `true` and `false` become `yes` and `no`. */
  readonly conf?: Readonly<
    Record<string, string | number | boolean | readonly (string | number | boolean)[]>
  >;
}
