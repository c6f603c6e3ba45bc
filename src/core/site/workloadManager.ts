import type { Environment } from '../base/userDirectories';
import { findExecutable } from './findExecutable';

export type WorkloadManager = 'pbs' | 'lsf' | 'slurm';

/** Commands that must all be there, in SmartSim's order; `pbsnodes` tells PBS from Grid Engine without running qsub. */
const commands: readonly (readonly [WorkloadManager, readonly string[]])[] = [
  ['pbs', ['qsub', 'qstat', 'qdel', 'pbsnodes']],
  ['lsf', ['bsub', 'jsrun', 'jslist', 'bjobs', 'bkill']],
  ['slurm', ['sacct', 'srun', 'salloc', 'sbatch', 'scancel', 'sstat', 'sinfo']],
];

/** Finds the workload manager as SmartSim's `launcher: auto` does, by looking only: nothing is executed. */
export async function findWorkloadManager(environment: Environment): Promise<WorkloadManager | undefined> {
  for (const [manager, names] of commands) if (await areAllFound(names, environment['PATH'])) return manager;
  return environment['PBS_JOBID'] === undefined ? undefined : 'pbs';
}

async function areAllFound(names: readonly string[], searchPath: string | undefined): Promise<boolean> {
  for (const name of names) if ((await findExecutable(name, { searchPath })).kind !== 'found') return false;
  return true;
}
