import os from 'node:os';
import path from 'node:path';
import { readBeginning } from './readBeginning';

/**
 * Whether SmartSim has written the file, which lies below its telemetry folder, on another machine: in a home that several
 * share, loopback addresses in there are not ours. Its monitor logs the machine's name: `DATE TIME HOST TelemetryMonitor[…`.
 */
export async function isOfAnotherHost(file: string): Promise<boolean> {
  const [telemetry] = /^.*?[/\\]\.smartsim[/\\]telemetry(?=[/\\])/.exec(file) ?? [];
  if (telemetry === undefined) return false;
  const log = await readBeginning(path.join(telemetry, 'logs', 'telemetrymonitor.out'), 1000);
  const [, host] = /^\S+ \S+ (\S+) TelemetryMonitor\[/.exec(log) ?? [];
  return host !== undefined && shortName(host) !== shortName(os.hostname());
}

function shortName(host: string): string {
  return (host.split('.')[0] ?? host).toLowerCase();
}
