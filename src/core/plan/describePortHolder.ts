import { messageOf, problem, severityOf, type Place, type Problem } from '../base/problem';
import type { PortTaken } from '../site/probePort';
import { runOfDirectory } from './runPaths';

/**
 * Says who has a port, as far as that can be known; a run of the same experiment is no error by itself.
 *
 * @param experiment directory of the experiment, without symbolic links: the system knows processes by such paths.
 */
export function describePortHolder(taken: PortTaken, experiment: string, place: Place): Problem {
  const found = describeHolder(taken, experiment, place);
  if (taken.busOf === undefined || severityOf(found) !== 'error') return found;
  const { busOf: port, port: busPort, address } = taken;
  return problem('bus-port-taken', { port, busPort, address }, { place, evidence: messageOf(found) });
}

function describeHolder({ port, address, holder }: PortTaken, experiment: string, place: Place): Problem {
  const { user, process } = holder;
  if (process === undefined)
    return user === undefined
      ? problem('port-taken-by-unknown', { port, address }, { place })
      : problem('port-taken-by-user', { port, address, user }, { place });
  const { pid, name, commandLine, directory } = process;
  // A server that names its state in its title writes over its environment, and the marker in it.
  const ofRun = runOfDirectory(`${directory}/`);
  const runId = ofRun?.runId ?? process.runId;
  if (runId === undefined)
    return problem(
      'port-taken',
      { port, address, process: name, pid, user: user ?? '' },
      { place, ...(commandLine === '' ? {} : { evidence: commandLine }) },
    );
  return ofRun?.experiment === experiment
    ? problem('port-used-by-own-run', { port, run: runId }, { place })
    : problem('port-taken-by-run', { port, address, process: name, pid, run: runId }, { place });
}
