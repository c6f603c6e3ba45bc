import path from 'node:path';
import type { ExperimentSpec } from '../spec/experimentSpec';

/** Where the files of one run lie. */
export interface RunPaths {
  readonly runDirectory: string;
  readonly out: (entity: string) => string;
  readonly err: (entity: string) => string;
  readonly configuration: (shard: string) => string;
  /** The run's own copy of our AI engine. */
  readonly engine: string;
  /** Working directory of a server. */
  readonly shard: (shard: string) => string;
}

/** Stands for the id of a run in plans that are only looked at. */
export const previewRunId = '<run id>';

/** Folder of all runs of an experiment. */
function runsFolder(spec: Pick<ExperimentSpec, 'directory'>): string {
  return path.join(spec.directory, '.smartsim/workbench');
}

/** The run in whose directory, or below it, `directory` lies, and the directory of its experiment. */
export function runOfDirectory(
  directory: string,
): { readonly runId: string; readonly experiment: string } | undefined {
  const [, experiment, runId] = /^(.+)\/\.smartsim\/workbench\/([^/]+)\//.exec(directory) ?? [];
  return experiment === undefined || runId === undefined ? undefined : { runId, experiment };
}

export function runPaths(spec: Pick<ExperimentSpec, 'directory'>, runId: string): RunPaths {
  const runDirectory = path.join(runsFolder(spec), runId);
  return {
    runDirectory,
    out: (entity) => path.join(runDirectory, 'logs', `${entity}.out`),
    err: (entity) => path.join(runDirectory, 'logs', `${entity}.err`),
    configuration: (shard) => path.join(runDirectory, 'conf', `${shard}.conf`),
    engine: path.join(runDirectory, 'engine', 'engine.so'),
    shard: (shard) => path.join(runDirectory, 'shards', shard),
  };
}
