import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { findWorkloadManager } from '../../../src/core/site/workloadManager';
import { temporaryFolder } from '../../support/temporaryFolder';

describe('findWorkloadManager', () => {
  const folder = temporaryFolder();

  function put(...names: readonly string[]): void {
    for (const name of names) writeFileSync(path.join(folder.path, name), '#!/bin/sh\n', { mode: 0o755 });
  }

  const slurm = ['sacct', 'srun', 'salloc', 'sbatch', 'scancel', 'sstat', 'sinfo'];

  it('finds Slurm by all of its commands, and by no fewer', async () => {
    put(...slurm.slice(1));
    assert.equal(await findWorkloadManager({ PATH: folder.path }), undefined);
    put(...slurm);
    assert.equal(await findWorkloadManager({ PATH: folder.path }), 'slurm');
  });

  it('finds PBS before Slurm, and does not take Grid Engine for it', async () => {
    put(...slurm, 'qsub', 'qstat', 'qdel');
    assert.equal(await findWorkloadManager({ PATH: folder.path }), 'slurm');
    put('pbsnodes');
    assert.equal(await findWorkloadManager({ PATH: folder.path }), 'pbs');
  });

  it('finds LSF by its commands and PBS by a job of it', async () => {
    assert.equal(await findWorkloadManager({ PATH: folder.path, PBS_JOBID: '1.host' }), 'pbs');
    put('bsub', 'jsrun', 'jslist', 'bjobs', 'bkill');
    assert.equal(await findWorkloadManager({ PATH: folder.path, PBS_JOBID: '1.host' }), 'lsf');
  });
});
