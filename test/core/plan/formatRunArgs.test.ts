import assert from 'node:assert/strict';
import { formatRunArgs } from '../../../src/core/plan/formatRunArgs';

const args = [
  ['n', '4'],
  ['-host', 'a,b'],
  ['--verbose', null],
] as const;

describe('formatRunArgs', () => {
  it('writes two dashes for MPI, whatever folder the command is in', () => {
    for (const command of ['mpirun', '/opt/openmpi/bin/mpiexec', 'orterun'])
      assert.deepEqual(formatRunArgs(command, args), ['--n', '4', '--host', 'a,b', '--verbose']);
  });

  it('tells short from long for srun and jsrun', () => {
    for (const command of ['/usr/bin/srun', 'jsrun'])
      assert.deepEqual(formatRunArgs(command, args), ['-n', '4', '--host=a,b', '--verbose']);
  });

  it('leaves the arguments of every other command as they are written', () => {
    assert.deepEqual(formatRunArgs('valgrind', args), ['n', '4', '-host', 'a,b', '--verbose']);
  });
});
