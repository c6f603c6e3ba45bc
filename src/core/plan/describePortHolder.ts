import path from 'node:path';
import { problem, type Place, type Problem } from '../base/problem';
import type { PortAnswer } from '../site/probePort';
import type { ExperimentSpec } from '../spec/experimentSpec';
import { runsFolder } from './runPaths';

/** Says who has a port, as far as that can be known; a run of the same experiment is no error by itself. */
export function describePortHolder(
  { port, address, holder }: PortAnswer & { readonly kind: 'taken' },
  spec: Pick<ExperimentSpec, 'directory'>,
  place: Place,
): Problem {
  const { user, process } = holder;
  if (process === undefined)
    return user === undefined
      ? problem('port-taken-by-unknown', { port, address }, { place })
      : problem('port-taken-by-user', { port, address, user }, { place });
  const { pid, name, runId, commandLine, directory } = process;
  if (runId === undefined)
    return problem(
      'port-taken',
      { port, address, process: name, pid, user: user ?? '' },
      { place, ...(commandLine === '' ? {} : { evidence: commandLine }) },
    );
  const isOwn = directory.startsWith(runsFolder(spec) + path.sep);
  return isOwn
    ? problem('port-used-by-own-run', { port, run: runId }, { place })
    : problem('port-taken-by-run', { port, address, process: name, pid, run: runId }, { place });
}
